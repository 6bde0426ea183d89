"""How long a package will build, by what is known of it."""

from __future__ import annotations

import pytest
from worlds import names

from pkgmkgen.plan.durations import (
    FALLBACK,
    Observation,
    Origin,
    Past,
    durations,
    family,
    kind,
    stem,
)


def _seconds(package: str, past: Past, guess: float | None = None) -> tuple[float, Origin]:
    (name,) = names(package)
    found = durations((name,), past, {} if guess is None else {name: guess})[name]
    return found.seconds, found.origin


def _records(*observations: Observation) -> Past:
    return ((Origin.RESULT, observations),)


def test_the_most_recent_build_counts_most() -> None:
    """Each build counts twice as much as the one before it, in whatever order they come."""
    builds = (Observation("a-1", 30, 1), Observation("a-1", 10, 3), Observation("a-1", 20, 2))
    want = (10 * 4 + 20 * 2 + 30) / 7
    assert _seconds("a-1", _records(*builds))[0] == pytest.approx(want, abs=0.1)
    assert _seconds("a-1", _records(*reversed(builds))) == _seconds("a-1", _records(*builds))


def test_nearer_kin_comes_first() -> None:
    """The same PKGNAME, else pkgbase, else another interpreter, else another major version."""
    kin = [
        Observation("gcc14-14.1", 4),
        Observation("py312-x-3", 3),
        Observation("py313-x-2", 2),
        Observation("py313-x-1", 1),
    ]
    assert _seconds("py313-x-1", _records(*kin))[0] == 1
    assert _seconds("py313-x-2", _records(*kin[:3]))[0] == 2
    assert _seconds("py313-x-9", _records(*kin[:2]))[0] == 3
    assert _seconds("gcc12-12.5", _records(*kin))[0] == 4


def test_records_before_history_before_guess() -> None:
    """The machine's own records are believed first; a guess last."""
    past = (
        (Origin.RESULT, (Observation("a-1", 1),)),
        (Origin.HISTORY, (Observation("a-1", 2), Observation("b-1", 3))),
    )
    assert _seconds("a-1", past) == (1, Origin.RESULT)
    assert _seconds("b-1", past) == (3, Origin.HISTORY)
    assert _seconds("c-1", past, 7) == (7, Origin.GUESS)
    assert _seconds("c-1", past) == (FALLBACK, Origin.GUESS)


def test_times_of_another_machine_are_scaled() -> None:
    """Where this machine is twice as fast, what only the history knows is halved."""
    both = [f"p{number}-1" for number in range(20)]
    own = tuple(Observation(name, 50) for name in both)
    other = (*(Observation(name, 100) for name in both), Observation("rust-1", 6000))
    past = ((Origin.RESULT, own), (Origin.HISTORY, other))
    found = durations(names("rust-1", *both), past, {})
    assert found[names("rust-1")[0]].seconds == 3000


def test_packages_of_one_job_are_scaled_by_their_likes() -> None:
    """With four times the jobs others take half as long; MAKE_JOBS_SAFE=no takes what it took."""
    safe = [f"p{number}-1" for number in range(20)]
    unsafe = [f"s{number}-1" for number in range(10)]
    own = tuple(Observation(name, 50 if name in safe else 100) for name in (*safe, *unsafe))
    other = tuple(Observation(name, 100) for name in (*safe, *unsafe, "rust-1", "slow-1"))
    past = ((Origin.RESULT, own), (Origin.HISTORY, other))
    every = names("rust-1", "slow-1", "new-1", "late-1", *safe, *unsafe)
    serial = names("slow-1", "late-1", *unsafe)
    guess = dict.fromkeys(every, 100.0)
    found = durations(every, past, guess, serial)
    rust, slow, new, late = (found[name].seconds for name in every[:4])
    assert (rust, slow, new, late) == (50, 100, 50, 100)
    few = durations(every, past, guess, names("slow-1", *unsafe[1:]))
    assert few[every[1]].seconds == few[every[0]].seconds  # too few to tell


@pytest.mark.parametrize(
    ("base", "of_family", "of_stem", "of_kind"),
    [
        ("py313-numpy", "py-numpy", "py-numpy", "py"),
        ("p5-URI", "p5-URI", "p5-uri", "p5"),
        ("p7zip", "p7zip", "p7zip", ""),
        ("R-abc", "R-abc", "r-abc", "R"),
        ("gcc14", "gcc14", "gcc", ""),
        ("gtk2+", "gtk2+", "gtk2+", ""),
        ("php84-curl", "php-curl", "php-curl", "php"),
        ("7zip", "7zip", "7zip", ""),
        ("9", "9", "9", ""),
    ],
)
def test_kin_by_name(base: str, of_family: str, of_stem: str, of_kind: str) -> None:
    """Which names belong together."""
    assert (family(base), stem(base), kind(base)) == (of_family, of_stem, of_kind)
