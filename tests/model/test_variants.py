"""Which forms an issue has, who gets each, and what stands in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.model.audiences import read_audience
from newsletter.model.document import plain_text, walk_blocks
from newsletter.model.variants import (
    MOST_VARIANTS,
    Variant,
    audience_names,
    form_for,
    readers_in_words,
    variants_of,
)
from tests.render.issues import bullets, paragraph, typed

if TYPE_CHECKING:
    from newsletter.model.document import Block, Blocks
    from newsletter.model.segment import Membership

NAMES = ("runners", "walkers", "members")


def only(audience: str, *blocks: Block) -> Block:
    return typed("only", *blocks, audience=audience)


def but(audience: str, *blocks: Block) -> Block:
    return typed("except", *blocks, audience=audience)


def anybody(_members: Membership) -> bool:
    return True


def words(blocks: Blocks) -> list[str]:
    return [plain_text(block.content) for block in walk_blocks(blocks) if hasattr(block, "content")]


def forms(*blocks: Block) -> dict[str, list[str]]:
    """Name of each variant -> what its readers read."""
    return {v.name: words(form_for(blocks, v.readers[0])) for v in variants_of(blocks, anybody) or ()}


def test_an_issue_for_everybody_has_one_variant() -> None:
    assert variants_of((paragraph("a"),), anybody) == (Variant(),)


def test_only_is_shown_to_those_in_the_segment_and_except_to_all_others() -> None:
    made = forms(only("runners", paragraph("run")), but("runners", paragraph("move")), paragraph("all"))
    assert made == {"": ["move", "all"], "runners": ["run", "all"]}


def test_one_of_several_names_is_enough() -> None:
    made = forms(only("runners, walkers", paragraph("go")), but("runners, walkers", paragraph("stay")))
    assert made == {"": ["stay"], "runners,walkers": ["go"]}


def test_a_block_within_a_block_needs_both() -> None:
    made = forms(only("runners", only("members", paragraph("both")), paragraph("run")))
    assert made == {"": [], "runners": ["run"], "runners+members": ["both", "run"]}


def test_readers_who_see_the_same_share_a_variant() -> None:
    (_, second) = variants_of((only("runners,walkers", paragraph("go")),), anybody) or ()
    assert set(second.readers) == {frozenset({"runners"}), frozenset({"walkers"}), frozenset({"runners", "walkers"})}


def test_memberships_that_nobody_can_have_make_no_variant() -> None:
    names = [f"sport{n}" for n in range(10)]
    blocks = tuple(only(name, paragraph(name)) for name in names)
    assert [v.name for v in variants_of(blocks, lambda members: len(members) <= 1) or ()] == ["", *names]


def test_too_many_variants_are_refused_rather_than_rendered_for_hours() -> None:
    few = tuple(only(f"s{n}", paragraph("a")) for n in range(5))
    assert len(variants_of(few, anybody) or ()) == MOST_VARIANTS == 32
    for count in (6, 13, 500):
        assert variants_of(tuple(only(f"s{n}", paragraph("a")) for n in range(count)), anybody) is None


def test_many_values_of_one_attribute_make_one_variant_each_and_share_a_block() -> None:
    sites = [f"site{n}" for n in range(30)]
    blocks = (*(only(name, paragraph(name)) for name in sites), but(",".join(sites), paragraph("elsewhere")))
    assert [v.name for v in variants_of(blocks, lambda members: len(members) <= 1) or ()] == ["", *sites]
    together = (only(",".join(f"site{n}" for n in range(50)), paragraph("somewhere")),)
    assert len(variants_of(together, lambda members: len(members) <= 1) or ()) == 2


def test_names_that_readers_can_be_in_in_too_many_ways_are_refused_at_once() -> None:
    """One block, so two mails; but nobody can tell for each of the readers' memberships which."""
    blocks = (only(",".join(f"s{n}" for n in range(12)), paragraph("a")),)
    assert len(variants_of(blocks, anybody) or ()) == 2
    for count in (13, 40, 61):
        assert variants_of((only(",".join(f"s{n}" for n in range(count)), paragraph("a")),), anybody) is None


def test_columns_in_which_nothing_is_left_are_left_out() -> None:
    hidden = only("runners", paragraph("run"))
    body = (typed("columns", typed("column", hidden), typed("column", hidden)), paragraph("stays"))
    assert form_for(body, frozenset()) == (paragraph("stays"),)
    assert words(form_for(body, frozenset({"runners"}))) == ["run", "run", "stays"]


def test_the_name_of_a_variant_keeps_those_together_who_are_always_named_together() -> None:
    blocks = (only("runners,walkers", paragraph("go")), only("board", paragraph("meet")))
    names = [variant.name for variant in variants_of(blocks, anybody) or ()]
    assert names == ["", "runners,walkers", "board", "(runners,walkers)+board"]
    assert [readers_in_words(name) for name in names] == [
        "readers in none of the segments",
        "readers in runners or walkers",
        "readers in board",
        "readers in runners or walkers, and in board",
    ]


def test_what_is_empty_without_the_block_is_left_out_with_it() -> None:
    hidden = only("runners", paragraph("run"))
    body = (
        typed("callout", hidden),
        bullets((hidden,), (paragraph("stays"),)),
        bullets((hidden,)),
        typed("columns", typed("column", hidden), typed("column", paragraph("right"))),
    )
    assert words(form_for(body, frozenset())) == ["stays", "right"]
    callouts_and_columns = [block.name for block in walk_blocks(form_for(body, frozenset())) if hasattr(block, "name")]
    assert callouts_and_columns == ["columns", "column", "column"]


def test_the_name_of_a_variant_fits_its_column_and_stays_unique() -> None:
    long = [f"segment-with-a-long-name-{n}" for n in range(4)]
    blocks = tuple(only(name, paragraph(name)) for name in long)
    names = [variant.name for variant in variants_of(blocks, anybody) or ()]
    assert len(set(names)) == 16
    assert max(map(len, names)) <= 60


@pytest.mark.parametrize("text", ["", ",", "runners,", "Runners", "run ners", "runners; walkers", "1st", "ru\nnners"])
def test_what_is_no_list_of_names_is_not_read_as_one(text: str) -> None:
    assert read_audience(text) is None


def test_names_are_read_once_each_in_their_order() -> None:
    assert read_audience(" walkers ,runners,walkers") == ("walkers", "runners")


audiences = st.lists(st.sampled_from(NAMES), min_size=1, max_size=3, unique=True).map(",".join)
bodies = st.recursive(
    st.text("ab", min_size=1, max_size=3).map(paragraph),
    lambda inner: st.one_of(
        st.builds(only, audiences, inner),
        st.builds(but, audiences, inner),
        st.builds(lambda block: typed("callout", block), inner),
        st.builds(lambda one, two: bullets((one,), (two,)), inner, inner),
    ),
    max_leaves=6,
)


@given(st.lists(bodies, max_size=4).map(tuple), st.sets(st.sampled_from(NAMES)).map(frozenset))
def test_every_reader_gets_exactly_one_variant_and_reads_what_is_meant_for_them(
    blocks: Blocks, members: Membership
) -> None:
    known = members & set(audience_names(blocks))
    (variant,) = [variant for variant in variants_of(blocks, anybody) or () if known in variant.readers]
    assert words(form_for(blocks, variant.readers[0])) == _meant(blocks, members)
    assert audience_names(form_for(blocks, members)) == ()


def _meant(blocks: Blocks, members: Membership) -> list[str]:
    """The same, told in the simplest way: walk down and turn back at what is for others."""
    found: list[str] = []
    for block in blocks:
        match getattr(block, "name", ""):
            case "only" if members.isdisjoint(block.attributes["audience"][0].split(",")):  # type: ignore[union-attr]
                continue
            case "except" if members & set(block.attributes["audience"][0].split(",")):  # type: ignore[union-attr]
                continue
        if hasattr(block, "content"):
            found.append(plain_text(block.content))
        inner = getattr(block, "blocks", ()) or [b for item in getattr(block, "items", ()) for b in item.blocks]
        found += _meant(tuple(inner), members)
    return found
