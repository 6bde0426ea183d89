"""Layers of dependencies: which are chosen."""

from __future__ import annotations

import io

from hypothesis import given
from hypothesis import strategies as st

from pkgmkgen import pipeline
from pkgmkgen.index.source import Source
from pkgmkgen.machine import unzstd
from pkgmkgen.model import PkgName
from pkgmkgen.plan.layers import DEEPEST, Layer, layers

Needs = dict[PkgName, tuple[PkgName, ...]]


def _name(number: int) -> PkgName:
    return PkgName(f"p{number}-1")


@st.composite
def graphs(draw: st.DrawFn) -> Needs:
    """Return a small graph without cycles."""
    needs: Needs = {}
    for number in range(draw(st.integers(1, 14))):
        earlier = st.sets(st.integers(0, number - 1), max_size=4) if number else st.just(set())
        needs[_name(number)] = tuple(map(_name, sorted(draw(earlier))))
    return needs


def _closure(needs: Needs, pkgname: PkgName) -> set[PkgName]:
    found = set(needs[pkgname])
    return found.union(*(_closure(needs, one) for one in found))


@given(graphs(), st.integers(1, 6))
def test_a_layer_has_what_its_packages_need_and_nothing_foreign(needs: Needs, gain: int) -> None:
    """Each package finds only dependencies of its own in its layers; no layer is for nobody."""
    chosen = layers(needs, gain)
    table = {layer.number: layer for layer in chosen.layers}
    users: dict[int, int] = dict.fromkeys(table, 0)
    for pkgname, last in chosen.last:
        pile: list[Layer] = []
        number = last
        while number:
            pile.insert(0, table[number])
            users[number] += 1
            number = table[number].below
        assert len(pile) <= DEEPEST
        there: set[PkgName] = set()
        for layer in pile:
            assert not there & set(layer.pkgnames)
            there |= set(layer.pkgnames)
            for member in layer.pkgnames:
                assert _closure(needs, member) <= there
        assert there <= _closure(needs, pkgname)
    assert all(users.values())


@given(graphs(), st.randoms(use_true_random=False))
def test_the_same_packages_give_the_same_layers(needs: Needs, random: object) -> None:
    """In whatever order they come."""
    names = list(needs)
    random.shuffle(names)  # type: ignore[attr-defined]
    assert set(layers({name: needs[name] for name in names}, 2).layers) == set(
        layers(needs, 2).layers
    )


def test_packages_of_one_chain_share_its_beginning() -> None:
    """Perl below everything, a toolkit below some."""
    perl, kit, extra = PkgName("perl-5"), PkgName("kit-1"), PkgName("extra-1")
    needs: Needs = {perl: (), kit: (perl,), extra: (perl,)}
    needs |= {PkgName(f"p5-{number}"): (perl,) for number in range(9)}
    needs |= {PkgName(f"app{number}-1"): (kit,) for number in range(9)}
    chosen = layers(needs, 5)
    assert chosen.layers == (Layer(1, 0, (perl,)), Layer(2, 1, (kit,)))
    assert dict(chosen.last)[PkgName("app3-1")] == 2
    assert layers(needs, 100).layers == ()


def test_what_nearly_all_need_together_is_one_layer() -> None:
    """A tool, digest and perl: not three layers for every package that looks for a file."""
    tool, digest, perl = PkgName("tool-1"), PkgName("digest-1"), PkgName("perl-5")
    needs: Needs = {tool: (), digest: (tool,), perl: (digest,)}
    needs |= {PkgName(f"p5-{number}"): (perl,) for number in range(30)}
    assert layers(needs, 5).layers == (Layer(1, 0, (tool, digest, perl)),)


def test_bulk_mk_names_layers_only_if_they_are_wanted() -> None:
    """Choosing takes seconds for a whole tree."""
    text = "PKGNAME=perl-5\nPKG_LOCATION=lang/perl\nALL_DEPENDS=\n" + "".join(
        f"PKGNAME=p{n}-1\nPKG_LOCATION=x/p{n}\nALL_DEPENDS=perl-[0-9]*:../../lang/perl\n"
        for n in range(40)
    )
    bound = pipeline.bind(Source("index", io.BytesIO(text.encode()), unzstd), ())
    assert "\n#layer 1 0 perl-5\n" in pipeline.bulk_mk(bound, {"LAYERS": "100"})
    for settings in ({}, {"LAYERS": "0"}):
        assert "\n#layer" not in pipeline.bulk_mk(bound, settings)
