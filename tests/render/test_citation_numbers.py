"""Citations -> marks: order, collapsing, locators."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.model.document import Citation, CitationItem
from newsletter.render.numbers import Numbers
from newsletter.settings.schema import Marks, ReferencesSection
from tests.render.dom import filled_html, filled_text, tree
from tests.render.issues import at, cite, entries, heading, paragraph, rendering, settings

if TYPE_CHECKING:
    from pathlib import Path

    from newsletter.render.numbers import CitationMark

NUMBERS = Numbers(entries(10))


def shown(*keys: str, suffix: str = "", prefix: str = "") -> str:
    marks = NUMBERS.marks(cite(*keys, suffix=suffix, prefix=prefix))
    return " ".join(_shown(mark) for mark in marks)


def _shown(mark: CitationMark) -> str:
    span = str(mark.first) if mark.first == mark.last else f"{mark.first}-{mark.last}"
    return " ".join(part for part in (mark.prefix, span, mark.suffix) if part)


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        (["ref1"], "1"),
        (["ref1", "ref2"], "1 2"),
        (["ref1", "ref2", "ref3"], "1-3"),
        (["ref3", "ref1", "ref2", "ref7"], "1-3 7"),
        (["ref1", "ref3", "ref4", "ref5", "ref9", "ref10"], "1 3-5 9 10"),
        (["ref2", "ref2"], "2"),
    ],
)
def test_clusters_are_sorted_and_three_neighbours_collapse(keys: list[str], expected: str) -> None:
    assert shown(*keys) == expected


def test_a_locator_keeps_its_number_out_of_a_range() -> None:
    assert shown("ref1", "ref2", "ref3", "ref4", suffix="p. 4") == "1 p4 2-4"


def test_words_that_lead_in_keep_the_authors_order() -> None:
    assert shown("ref5", "ref1", prefix="see") == "see 5 1"


@pytest.mark.parametrize(
    ("written", "printed"), [("p. 4", "p4"), (", pp. 33-35", "pp33\u201335"), ("chap. 3", "chap. 3")]
)
def test_locators_are_written_as_ama_does(written: str, printed: str) -> None:
    assert shown("ref1", suffix=written) == f"1 {printed}"


@given(st.lists(st.integers(1, 10), min_size=1))
def test_every_cited_number_is_in_exactly_one_mark(numbers: list[int]) -> None:
    citation = Citation(items=tuple(CitationItem(key=f"ref{n}", at=at(1)) for n in numbers), at=at(1))
    covered = [number for mark in NUMBERS.marks(citation) for number in mark.numbers]
    assert covered == sorted(set(numbers))


def test_citations_link_to_references_and_back(tmp_path: Path) -> None:
    mail = rendering(
        paragraph("First ", cite("ref1", "ref2", "ref3"), "."),
        paragraph("Again ", cite("ref2"), "."),
        folder=tmp_path,
        references=entries(3),
    )
    html = filled_html(mail)
    root = tree(mail)
    assert root.xpath("//sup/a/@href") == ["#ref-1", "#ref-3", "#ref-2"]
    assert html.index('id="cite-2"') < html.index("Again")
    assert html.count('id="cite-2"') == 1
    back = root.xpath("//a[@href='#cite-2']")[0]
    assert back.get("aria-label") == "Back to where reference 2 is cited"


def test_a_mark_stands_close_to_the_word_before_it(tmp_path: Path) -> None:
    html = filled_html(rendering(paragraph("word ", cite("ref1")), folder=tmp_path, references=entries(1)))
    assert 'word<a name="cite-1" id="cite-1"></a><sup' in html


def test_a_citation_in_the_sentence_names_its_authors(tmp_path: Path) -> None:
    mail = rendering(paragraph(cite("ref1", in_text=True), " found"), folder=tmp_path, references=entries(1))
    assert "Fouilleron et al1 found" in tree(mail).text_content()


def test_a_heading_can_cite_and_the_contents_leave_it_out(tmp_path: Path) -> None:
    cited = heading("Steps")
    two = paragraph("x", cite("ref1"))
    body = (
        type(cited)(level=2, content=(*cited.content, cite("ref1")), anchor="steps", at=at(1)),
        two,
        heading("More"),
    )
    root = tree(rendering(*body, folder=tmp_path, references=entries(1), template="digest"))
    assert root.xpath("//p[contains(@class, 'contents-line')]/a/text()") == ["Steps", "More"]
    assert len(root.xpath("//h2//sup")) == 1


def test_an_unknown_key_shows_a_question_mark_and_no_link(tmp_path: Path) -> None:
    root = tree(rendering(paragraph("x ", cite("nobody")), folder=tmp_path))
    assert root.xpath("//sup")[0].text_content() == "?"
    assert not root.xpath("//sup/a")


def test_citations_side_by_side_are_not_read_as_one_number(tmp_path: Path) -> None:
    for between in ((), (" ",)):
        body = paragraph("Word", cite("ref1"), *between, cite("ref2"), " and ", cite("ref3"))
        root = tree(rendering(body, folder=tmp_path, references=entries(3)))
        assert "Word1,2 and3" in root.text_content()
    named = paragraph(cite("ref1", in_text=True), " ", cite("ref2"))
    root = tree(rendering(named, folder=tmp_path, references=entries(2)))
    assert "Fouilleron et al1,2" in root.text_content()


def test_words_around_sources_keep_apart(tmp_path: Path) -> None:
    mail = rendering(paragraph("x", cite("ref1", "ref2", prefix="see")), folder=tmp_path, references=entries(2))
    assert "see 1, 2" in tree(mail).text_content()


def test_the_hundredth_number_stands_apart_from_its_reference_in_the_text_part(tmp_path: Path) -> None:
    keys = [f"ref{number}" for number in range(1, 101)]
    text = filled_text(rendering(paragraph(cite(*keys)), folder=tmp_path, references=entries(100)))
    assert "\n9.  " in text
    assert "\n99. " in text
    assert "\n100. " in text


def test_a_workspace_may_have_numbers_in_brackets(tmp_path: Path) -> None:
    brackets = settings().model_copy(update={"references": ReferencesSection(marks=Marks.BRACKET)})
    body = paragraph(
        "word ",
        cite("ref1", "ref2", "ref3"),
        ". ",
        cite("ref1", in_text=True),
        " found it.",
        cite("ref2", suffix="p. 4"),
    )
    root = tree(rendering(body, folder=tmp_path, references=entries(3), settings=brackets))
    text = root.xpath("//p[contains(., 'word')]")[0].text_content()
    assert text == "word\N{NO-BREAK SPACE}[1–3]. Fouilleron et al\N{NO-BREAK SPACE}[1] found it.[2(p4)]"
    assert not root.xpath("//sup")
    assert root.xpath("//p/a[@class='mark']/@href") == ["#ref-1", "#ref-3", "#ref-1", "#ref-2"]


def test_sources_in_the_bracket_behind_a_bare_key_are_numbers_only(tmp_path: Path) -> None:
    both = cite("ref1", "ref2", in_text=True)
    root = tree(rendering(paragraph(both, " found"), folder=tmp_path, references=entries(2)))
    assert "Fouilleron et al1,2 found" in root.text_content()
