"""Limited lists: what is active, what must be scanned next, and an index like a live tree."""

from __future__ import annotations

from worlds import resolved, scan

from pkgmkgen.model import PkgPath, ScanItem
from pkgmkgen.resolve.limited import MAX_FAULTS, close_over, missing, read_list, restrict
from pkgmkgen.resolve.resolution import Resolution
from pkgmkgen.resolve.resolver import resolve


def paths(*texts: str) -> tuple[PkgPath, ...]:
    """Type directories."""
    return tuple(map(PkgPath, texts))


def active(resolution: Resolution) -> list[str]:
    """Return the names that are left."""
    return [one.pkgname for one in resolution.packages]


def live(tree: list[ScanItem], listed: tuple[PkgPath, ...]) -> Resolution:
    """Do what the live loop does, scanning only what it asks for."""
    scanned = set(listed)
    while True:
        seen = [item for item in tree if item.pkg_location in scanned]
        found = restrict(resolve(seen), listed)
        more = missing(found, scanned)
        if not more:
            return found
        scanned.update(more)


def test_only_listed_packages_and_their_dependencies_are_active() -> None:
    """All packages of a listed directory, but of another one only what was chosen."""
    found = resolved("a-1: b<2", "a-2: c", "b-1", "b-2", "c: d", "d", "e: a")
    assert active(restrict(found, paths("x/a"))) == ["a-1", "a-2", "b-1", "c-1", "d-1"]
    assert active(restrict(found, paths("x/none"))) == []


def test_oddities_of_others_are_left_out() -> None:
    """A person who builds mutt does not want to hear of KDE."""
    found = resolved(
        "a: b", "b-1", "b-2 @x/other", "z: b zz", "y: nothing", "q: r", "r: q", "y @x/double"
    )
    found = restrict(found, paths("x/a"))
    assert [one.users for one in found.ambiguous] == [("a-1",)]
    assert [one.pkgname for one in found.misplaced] == ["a-1"]
    assert (found.unmatched, found.cycles, found.duplicates) == ((), (), ())
    whole = restrict(resolved("y: nothing", "q: r", "r: q", "y @x/double"), paths("x/y", "x/q"))
    assert (len(whole.unmatched), len(whole.cycles), len(whole.duplicates)) == (1, 1, 1)


def test_states_survive_the_cut() -> None:
    """The package at fault is always in, since it is needed."""
    found = restrict(resolved("a: b", "b: c", "c !fail", "d"), paths("x/a"))
    assert [one.because for one in found.packages] == ["c-1", "c-1", None]


def test_missing_names_what_to_scan_next() -> None:
    """Sorted, each once, and nothing twice."""
    found = resolved("a: c>=1 b>=1 b>=2", "z: y")
    part = restrict(found, paths("x/a"))
    assert missing(part, set(paths("x/a"))) == ("x/b", "x/c")
    assert missing(part, set(paths("x/a", "x/b"))) == ("x/c",)
    assert missing(part, set(paths("x/a", "x/b", "x/c"))) == ()


def test_index_and_live_tree_give_the_same() -> None:
    """Of two directories that could meet a pattern, the one that is named is scanned."""
    tree = scan("a: b@x/b1 c", "b-1 @x/b1", "b-2 @x/b2", "c: d>=1", "d-1", "d-0", "e")
    found = close_over(tree, paths("x/a"))
    assert found == live(tree, paths("x/a"))
    assert found.packages[0].depends == ("b-1", "c-1")
    assert active(found) == ["a-1", "b-1", "c-1", "d-1"]


def test_a_candidate_scanned_for_another_counts() -> None:
    """What has been scanned is a candidate for all."""
    tree = scan("a: b@x/b1 c", "b-1 @x/b1", "b-2 @x/b2", "c: b>=2@x/b2")
    assert close_over(tree, paths("x/a")).packages[0].depends == ("b-2", "c-1")


def test_what_no_directory_gives_is_unresolved() -> None:
    """The loop ends though something is missing."""
    found = close_over(scan("a: b", "c @x/b"), paths("x/a", "x/none"))
    assert [one.depend.pkgpath for one in found.unmatched] == ["x/b"]


def test_duplicates_are_counted_in_the_whole_index() -> None:
    """Their positions lead to lines of the file."""
    tree = [*scan("z", "y", "a"), *scan("b", "a @x/a")]
    (double,) = close_over(tree, paths("x/a")).duplicates
    assert (double.kept, double.dropped) == (2, 4)


def test_the_list_file() -> None:
    """One directory a line; comments, blanks, repeats and rubbish."""
    lines = [
        "# all of it\n",
        "x/a\n",
        "  x/b  # the best\r\n",
        "\n",
        "x/a\n",
        "../etc\n",
        "x/$(c)",
        "x",
    ]
    found, faults = read_list(lines, "list")
    assert found == ("x/a", "x/b")
    assert [fault.where for fault in faults] == ["list:6", "list:7", "list:8"]


def test_a_million_lines() -> None:
    """Good ones are kept, bad ones counted."""
    lines = (f"x/p{number}" if number % 2 else "$" for number in range(1_000_000))
    found, faults = read_list(lines, "list")
    assert len(found) == 500_000
    assert len(faults) == MAX_FAULTS + 1
    assert faults[-1].what == "499000 more lines are no directories"
