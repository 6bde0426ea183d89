"""forge.py FILE KIND - puts something else in the place of the binary package FILE."""

from __future__ import annotations

import gzip
import io
import lzma
import os
import sys
import tarfile
from pathlib import Path

Member = tuple[tarfile.TarInfo, bytes | None]
BLOCK, PIECE = 512, 64 << 20


def _member(name: str, kind: bytes = tarfile.REGTYPE, link: str = "", mode: int = 0o644) -> Member:
    made = tarfile.TarInfo(name)
    made.type, made.linkname, made.mode = kind, link, mode
    return made, None


MORE = {
    "absolute": [_member("/etc/attack")],
    "dotdot": [_member("share/../../../../etc/attack")],
    "through": [_member("share/way", tarfile.SYMTYPE, "/etc"), _member("share/way/attack")],
    "device": [_member("share/attack", tarfile.BLKTYPE)],
    "hardlink": [_member("share/attack", tarfile.LNKTYPE, "../../../../etc/passwd")],
    "setid": [_member("share/attack", mode=0o4755)],
    "many": [_member(f"share/attack{number}") for number in range(100_000)],
}


def _read(file: Path) -> list[Member]:
    with tarfile.open(file) as archive:
        return [
            (one, data.read() if (data := archive.extractfile(one)) else None)
            for one in archive.getmembers()
        ]


def _renamed(members: list[Member]) -> list[Member]:
    """Return the same, with the name of another package inside."""
    made = []
    for one, data in members:
        text = data
        if one.name == "+CONTENTS" and data:
            text = data.replace(b"@name forge-", b"@name openssl-9")
            one.size = len(text)
        made.append((one, text))
    return made


def _tar(members: list[Member]) -> bytes:
    whole = io.BytesIO()
    with tarfile.open(fileobj=whole, mode="w") as archive:
        for one, data in members:
            archive.addfile(one, None if data is None else io.BytesIO(data))
    return whole.getvalue()


def _huge(raw: bytes, kind: str) -> bytes:
    """Append a member of 6 GB, or one with a name of 3 GB, which take little room.

    Many gzip streams one after the other are one stream.
    """
    raw = raw.rstrip(b"\0")
    raw += bytes(-len(raw) % BLOCK)
    if kind == "bomb":
        end = tarfile.TarInfo("share/attack")
        end.size = 6 << 30
        return gzip.compress(raw + end.tobuf(), 1) + gzip.compress(bytes(PIECE), 6) * 97
    name = tarfile.TarInfo("././@LongLink")
    name.type, name.size = tarfile.GNUTYPE_LONGNAME, 3 << 30
    last = tarfile.TarInfo("share/attack").tobuf() + bytes(2 * BLOCK)
    raw += name.tobuf(tarfile.GNU_FORMAT)
    return gzip.compress(raw, 1) + gzip.compress(b"a" * PIECE, 6) * 48 + gzip.compress(last)


def main(file: Path, kind: str) -> None:
    """Replace the file."""
    if kind in ("fifo", "endless"):
        file.unlink()
        if kind == "fifo":
            os.mkfifo(file)
        else:
            file.symlink_to("/dev/zero")
        return
    members = _read(file)
    raw = _tar((_renamed(members) if kind == "name" else members) + MORE.get(kind, []))
    if kind in ("bomb", "long"):
        file.write_bytes(_huge(raw, kind))
    elif kind == "xz":
        file.write_bytes(lzma.compress(raw))
    elif kind == "text":
        file.write_text("no archive at all\n")
    else:
        file.write_bytes(gzip.compress(raw, 1))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
