"""The page for the medical reviewer: what is on it, where, and that nothing of a letter can do harm in it."""

from __future__ import annotations

import itertools
import json
import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest

from newsletter.check.evidence.comparing import source
from newsletter.errors import ProblemsFound
from newsletter.model.problem import Level
from newsletter.pipeline.report.abstracts import nearest
from newsletter.pipeline.report.as_json import report_json
from newsletter.pipeline.report.facts import Finding, PieceKind, SignOff
from newsletter.pipeline.report.making import report_of
from newsletter.pipeline.report.page import report_html
from newsletter.pipeline.report.quotations import side_by_side
from tests.pipeline.letters_for_review import NOW, workspace_for_review

if TYPE_CHECKING:
    from pathlib import Path

    from newsletter.pipeline.report.facts import Piece, Report, Statement


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    return report_of(*workspace_for_review(tmp_path_factory.mktemp("here")), NOW)


@pytest.fixture(scope="module")
def html(report: Report) -> str:
    return report_html(report)


def one(report: Report, words: str) -> Statement:
    (found,) = (statement for statement in report.statements if words in statement.text)
    return found


def marked(pieces: tuple[Piece, ...]) -> str:
    signs = {PieceKind.ADDED: "+{}+", PieceKind.LEFT_OUT: "-{}-", PieceKind.NUMBER: "[{}]"}
    return "".join(signs.get(piece.kind, "{}").format(piece.text) for piece in pieces)


def test_statements_stand_in_reading_order_under_their_headings(report: Report) -> None:
    assert [(part.heading, [one.line for one in part.statements]) for part in report.parts] == [
        ("Title and inbox", [2]),
        ("Before the first heading", [9, 9]),
        ("What the papers say", [13, 13, 16, 20, 23, 27]),
    ]
    assert [statement.number for statement in report.statements] == list(range(1, 10))


def test_a_sentence_is_shown_as_readers_see_it_with_what_stands_around_it(report: Report) -> None:
    assert marked(one(report, "two papers").sentence) == "Dear reader, we read two papers[1],[2]."
    second = one(report, "People heal")
    assert second.before == "Dear reader, we read two papers. "
    assert second.after == " Nothing of note stands here."
    assert marked(one(report, "many walk").sentence) == "As Roe[2] shows, many walk[1](p4)."
    row = one(report, "Doe, 2020")
    assert (row.where, row.after) == ("in a table", " | Trial")


def test_who_gets_a_sentence_is_told_where_not_everybody_does(report: Report) -> None:
    assert one(report, "Runners heal").readers == "only readers in runners"
    assert one(report, "many walk").readers == ""
    assert len(report.editions) == 2


def test_quotations_are_laid_beside_the_stored_abstract(report: Report) -> None:
    (differs,) = one(report, "reduces pain").quotations
    assert (differs.finding, differs.number, differs.field) == (Finding.DIFFERS, 1, "abstract")
    assert marked(differs.quoted) == "walking early +reduces+ pain in the first weeks after the operation"
    assert marked(differs.source) == "Walking early -may reduce- pain in the first weeks after the operation."
    (gone,) = one(report, "climb stairs").quotations
    assert (gone.finding, gone.source) == (Finding.NOT_FOUND, ())
    (spoken,) = one(report, "I walked home.").quotations
    assert (spoken.finding, spoken.speaker) == (Finding.SPOKEN, "Bo Example, reader")


@pytest.mark.parametrize(
    ("quotation", "text", "mine", "theirs"),
    [
        ("a b c d e", "Before. A b c d e. After.", "a b c d e", "A b c d e."),
        ("we saw few falls", "In all, we saw very few falls at home.", "we saw few falls", "In all, we saw -very- few falls at home."),
        ("age-matched men and women", "agematched men and women", "age-matched men and women", "agematched men and women"),
        ("one two three ... eight nine ten", "one two three four five six seven eight nine ten", None, None),
        ("nothing at all here", "quite another text", "+nothing at all here+", ""),
    ],
)  # fmt: skip
def test_differing_words_are_marked_on_both_sides(
    quotation: str, text: str, mine: str | None, theirs: str | None
) -> None:
    quoted, from_source = side_by_side(quotation, source(text))
    assert (marked(quoted), marked(from_source)) == (mine or quotation, text if theirs is None else theirs)


def test_signatures_and_what_is_still_open_are_told(report: Report) -> None:
    (signed,) = one(report, "People heal quickly").claims
    assert (signed.state, signed.reviewer, signed.reason) == (SignOff.ACCEPTED, "Dr. B. Sample", "Table 2 <b>")
    assert [claim.state for claim in one(report, "Runners heal").claims] == [SignOff.OPEN]
    assert [claim.state for claim in report.statements[0].claims] == [SignOff.REFUSED]


def test_references_say_what_checks_found_and_where_they_are_cited(report: Report) -> None:
    doe, roe = report.references
    assert (doe.statements, roe.statements) == ((2, 3, 4, 5, 6, 7), (2, 6, 9))
    assert doe.retractions == ("nothing found in its stored record",)
    assert roe.retractions[0] == "retracted: its title"
    assert "reference-retracted" in {problem.code for problem in roe.problems}
    assert report.statements[1].sources[0].excerpt
    assert not report.statements[1].sources[1].has_abstract


def test_every_problem_is_shown_once(report: Report) -> None:
    shown = [
        *(problem for statement in report.statements for problem in statement.problems),
        *(problem for reference in report.references for problem in reference.problems),
        *report.problems,
    ]
    by_claims = [one for one in report.every_problem if one.code in {"claim-refused", "claim-review-open"}]
    assert sorted(map(repr, [*shown, *by_claims])) == sorted(map(repr, report.every_problem))


def test_nothing_of_a_letter_or_a_reference_is_markup(html: str) -> None:
    assert "\u202e" not in html
    tags = Tags()
    tags.feed(html)
    assert "script" not in tags.names
    assert "img" not in tags.names
    assert not [href for href in tags.links if not href.startswith(("#", "https://doi.org/"))]
    assert "&lt;script&gt;alert(2)&lt;/script&gt;" in html


def test_every_link_within_the_page_leads_somewhere(html: str) -> None:
    ids = re.findall(r' id="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r' href="#([^"]+)"', html)) <= set(ids)


def test_headings_leave_no_level_out(html: str) -> None:
    levels = [int(level) for level in re.findall(r"<h([1-6])", html)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_the_page_needs_nothing_but_itself_and_promises_nothing(html: str, report: Report) -> None:
    assert not re.search(r"<(?:link|script|img|iframe)|@import|url\(", html)
    assert "no promise of compliance" in html
    assert report.editions[0].fingerprint in html
    assert html.count("Remark") == len(report.statements)


def test_programs_get_the_same_facts(report: Report) -> None:
    facts = json.loads(json.dumps(report_json(report), default=str))
    assert [row["line"] for row in facts["statements"]] == [one.line for one in report.statements]
    assert facts["counts"]["Quotations that differ from their source"] == {"count": 1, "at": ["4"]}
    assert facts["statements"][3]["quotations"][0]["left_out"] == ["may reduce"]
    assert facts["counts"]["Errors"]["count"] == report.count(Level.ERROR)


def test_the_nearest_words_of_an_abstract_are_chosen() -> None:
    abstract = "BACKGROUND: We asked. RESULTS: Of 40 runners 33 went back. CONCLUSION: More is needed. Much more."
    assert nearest("We followed 40 runners", abstract) == "… RESULTS: Of 40 runners 33 went back. …"
    assert nearest("Nothing in common", abstract) == "… CONCLUSION: More is needed. Much more."
    assert nearest("anything", "") == ""


def test_an_issue_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    place, path = workspace_for_review(tmp_path / "here")
    path.write_bytes(b"\xff\xfe\x00no letter")
    with pytest.raises(ProblemsFound):
        report_of(place, path, NOW)


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.links += [value for name, value in attrs if name == "href" and value]
