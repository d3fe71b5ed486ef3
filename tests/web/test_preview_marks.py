"""From an author's line to the block of the mail, and the line as it is quoted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from newsletter.model.issue import Issue
from newsletter.model.problem import Level, Place, error, warning
from newsletter.model.rendered import Context, Origins, Slot
from newsletter.web.preview.cards import cards
from newsletter.web.preview.marks import Spot, blocks_of, marked, spot_of

if TYPE_CHECKING:
    from newsletter.web.preview.marks import Blocks

FILE = "/w/issues/a/issue.md"


def at(line: int, column: int = 1, file: str = FILE) -> Place:
    return Place(file=file, line=line, column=column)


PLACES = {"title": at(2), "preheader": at(3), "references": at(4), "date": at(5)}
ISSUE = Issue(
    slug="a",
    path=Path(FILE),
    title="A",
    subject=("A",),
    preheader=("B",),
    language="en",
    template="article",
    citation_style="american-medical-association",
    body=(),
    places=PLACES,
)
MARKS = (at(2), at(10), at(10, 20), at(14), at(4), at(1, file="/w/templates/disclaimers/general.en.md"))
ORIGINS = Origins(marks=tuple((10 * n, place) for n, place in enumerate((*MARKS, Place(file="newsletter.toml")))))
RUNNERS = Origins(marks=(*ORIGINS.marks, (900, at(20))))


@pytest.fixture
def blocks() -> Blocks:
    return blocks_of({"": ORIGINS, "runners": RUNNERS})


@pytest.mark.parametrize(
    ("place", "spot"),
    [
        (at(10), Spot(block=1)),
        (at(10, 19), Spot(block=1)),
        (at(10, 30), Spot(block=2)),
        (at(12), Spot(block=2)),
        (at(15), Spot(block=3)),
        (at(2), Spot(block=0)),
        (at(3), Spot(in_inbox=True)),
        (at(4), Spot(block=4)),
        (at(5), None),
        (at(7), None),
        (at(0, 0), None),
        (at(20), Spot(block=7, variant="runners")),
        (at(3, file="/w/issues/a/refs.json"), Spot(block=4)),
        (at(9, file="/w/templates/disclaimers/general.en.md"), Spot(block=5)),
        (at(9, file="/w/newsletter.toml"), Spot(block=6)),
    ],
)
def test_a_place_leads_to_the_block_that_shows_it(blocks: Blocks, place: Place, spot: Spot | None) -> None:
    assert spot_of(place, ISSUE, blocks, "") == spot


def test_a_block_of_the_variant_that_is_looked_at_needs_no_other(blocks: Blocks) -> None:
    assert spot_of(at(20), ISSUE, blocks, "runners") == Spot(block=7)


def test_each_marked_tag_gets_its_number_and_slots_count_as_nothing() -> None:
    slot = Slot(name="first_name", context=Context.HTML)
    origins = Origins(marks=((0, at(1)), (5, at(2)), (21, at(3)), (22, at(1))))
    parts = marked(("<p>a ", slot, "<b>c", "<td class=x>", slot, "<i>", slot), origins, blocks_of({"": origins}))
    assert parts == ('<p data-at="0">a ', slot, '<b data-at="1">c', "<td class=x>", slot, '<i data-at="2">', slot)


def test_a_card_quotes_the_line_with_the_word_marked_and_lines_around_it(tmp_path: Path) -> None:
    file = tmp_path / "issue.md"
    file.write_text("one\ntwo\nsee {{ nick name }}, please\nfour\r\nfive\nsix\n", encoding="utf-8")
    place = Place(file=str(file), line=3, column=5)
    found = cards([warning("a-b", place, "the `x` is odd", "Mend it."), error("c-d", place, "bad", "Fix.")], tmp_path)
    assert [card.level for card in found] == [Level.ERROR, Level.WARNING]
    assert (found[1].where, found[1].message) == ("issue.md, line 3", "The `x` is odd.")
    lines = found[0].lines
    assert [(line.number, line.before, line.marked, line.after) for line in lines] == [
        (1, "one", "", ""),
        (2, "two", "", ""),
        (3, "see ", "{{ nick name }}", ", please"),
        (4, "four", "", ""),
        (5, "five", "", ""),
    ]
    assert [line.is_it for line in lines] == [False, False, True, False, False]


@pytest.mark.parametrize(("line", "column"), [(1, 0), (1, 999), (99, 1), (0, 0)])
def test_places_that_are_not_there_are_no_trouble(tmp_path: Path, line: int, column: int) -> None:
    (tmp_path / "issue.md").write_text("short\n" + "x" * 5000, encoding="utf-8")
    for file in ("issue.md", str(tmp_path / "issue.md"), "nothing.md", "NEWSLETTER_ESP_NAME", "\0"):
        [card] = cards([error("a-b", Place(file=file, line=line, column=column), "w", "f")], tmp_path)
        assert all(len(shown.before + shown.marked + shown.after) < 300 for shown in card.lines)
