"""Two states of an issue compared: what changed for readers is told, each thing once, and nothing else."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from newsletter.model.problem import Place, error, warning
from newsletter.pipeline import Prepared, prepare
from newsletter.pipeline.comparing import State, compare, relocated
from newsletter.pipeline.html_lines import html_lines
from newsletter.pipeline.hunks import hunks
from newsletter.pipeline.mail_facts import Part
from newsletter.settings import load
from tests.support import workspace as workspaces

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from newsletter.model.problem import Problem
    from newsletter.pipeline.comparing import Change, Comparison

NOW = datetime(2026, 11, 24, tzinfo=UTC)
SEGMENTS = """
[segments.runners]
attribute = "city"
equals = "Springfield"

[segments.walkers]
attribute = "city"
equals = "Shelbyville"
"""
REFERENCES = """\
references:
  - {id: one, type: article-journal, title: First, author: [{family: Ames}], issued: 2020, DOI: 10.5555/one}
  - {id: two, type: article-journal, title: Second, author: [{family: Bell}], issued: 2021, DOI: 10.5555/two}
  - {id: three, type: article-journal, title: Third, author: [{family: Cole}], issued: 2022, DOI: 10.5555/three}
"""
ISSUE = f"""\
---
title: Walking
preheader: What to expect in the first weeks, and when to call us about it
{REFERENCES}---

Short walks help [@one].

Rest as well [@two].
"""
Edit = tuple[str, str]


class Bench:
    """A workspace whose issue is prepared, edited, prepared again and compared."""

    def __init__(self, folder: Path) -> None:
        self.made = workspaces.make(folder)
        settings = folder / "newsletter.toml"
        settings.write_text(settings.read_text() + SEGMENTS)
        self._known: dict[str, Prepared] = {}

    def prepared(self, text: str) -> Prepared:
        if text not in self._known:
            self._known[text] = self.afresh(text)
        return self._known[text]

    def afresh(self, text: str) -> Prepared:
        """Not remembered: for when files beside the issue change."""
        path = self.made.write_issue(text)
        return prepare(load(self.made.folder, os.environ), path, NOW)

    def edited(self, *edits: Edit, text: str = ISSUE) -> Comparison:
        before = self.prepared(text)
        for old, new in edits:
            assert old in text
            text = text.replace(old, new)
        return compare(before, self.prepared(text), "walking")


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return Bench(tmp_path_factory.mktemp("bench") / "home")


def every(found: Comparison, part: Part) -> list[Change]:
    return [change for group in found.changes for change in group.changes if change.part is part]


def told(found: Comparison, part: Part) -> list[tuple[str, str | None, str | None]]:
    return [(change.what, change.before, change.after) for change in every(found, part)]


def differing(changes: Sequence[Change]) -> list[str]:
    return [line for change in changes for line in change.lines if line[0] != " "]


def test_the_same_bytes_are_the_same(bench: Bench) -> None:
    found = compare(bench.afresh(ISSUE), bench.afresh(ISSUE), "walking")
    assert (found.state, found.changes) == (State.SAME, ())
    assert (found.problems_new, found.problems_gone) == ((), ())


def test_a_changed_word_is_told_in_text_and_html_and_nowhere_else(bench: Bench) -> None:
    found = bench.edited(("Short walks", "Long walks"))
    assert found.state is State.CHANGED
    assert {change.part for group in found.changes for change in group.changes} == {Part.TEXT, Part.HTML}
    assert differing(every(found, Part.TEXT)) == ["-Short walks help [1].", "+Long walks help [1]."]
    assert differing(every(found, Part.HTML)) == ["-Short walks help", "+Long walks help"]


def test_a_change_of_the_html_names_the_authors_line(bench: Bench) -> None:
    found = bench.edited(("Rest as", "Sleep as"))
    line = ISSUE.split("\n").index("Rest as well [@two].") + 1
    assert [(change.at.file, change.at.line) for change in every(found, Part.HTML) if change.at] == [
        (str(bench.made.folder / "issues" / "walking" / "issue.md"), line)
    ]


def test_slots_before_it_do_not_shift_the_authors_line(bench: Bench) -> None:
    text = ISSUE.replace("Short", '{{ first_name | default("dear reader") }}, short')
    found = bench.edited(("Rest as", "Sleep as"), text=text)
    places = [change.at.line for change in every(found, Part.HTML) if change.at]
    assert places == [text.split("\n").index("Rest as well [@two].") + 1]


def test_subject_and_preheader(bench: Bench) -> None:
    found = bench.edited(("title: Walking", "title: Running"), ("first weeks", "first days"))
    assert told(found, Part.SUBJECT) == [("", "Walking", "Running")]
    ((_, before, after),) = told(found, Part.PREHEADER)
    assert ("first weeks" in str(before), "first days" in str(after)) == (True, True)


def test_a_preheader_that_was_not_there_is_new(bench: Bench) -> None:
    line = ISSUE.split("\n")[2]
    found = bench.edited(("---\n\nShort", f"{line}\n---\n\nShort"), text=ISSUE.replace(f"{line}\n", ""))
    assert told(found, Part.PREHEADER) == [("", None, line.removeprefix("preheader: "))]


def test_another_fallback_is_a_change(bench: Bench) -> None:
    text = ISSUE.replace("Short", 'Dear {{ first_name | default("reader") }}, short')
    found = bench.edited(("reader", "friend"), text=text)
    assert [line for line in differing(every(found, Part.TEXT)) if line[0] == "+"] == [
        '+Dear {{ first_name | default("friend") }}, short walks help [1].'
    ]
    assert any('default("friend")' in line for line in differing(every(found, Part.HTML)))


def test_references_new_gone_and_renumbered(bench: Bench) -> None:
    found = bench.edited(("[@one]", "[@three]"), ("Short walks", "Long [@two] walks"))
    assert sorted(told(found, Part.REFERENCES)) == [("one", "1", None), ("three", None, "2"), ("two", "2", "1")]


def test_links_new_and_gone_but_not_those_within_the_mail(bench: Bench) -> None:
    found = bench.edited(("[@two]", "[@two] on [our page](https://example.org/rest)"), ("[@one]", ""))
    assert sorted(told(found, Part.LINKS)) == [
        ("https://doi.org/10.5555/one", "https://doi.org/10.5555/one", None),
        ("https://example.org/rest", None, "https://example.org/rest"),
    ]


def test_images_are_told_by_the_names_that_the_author_gave(bench: Bench) -> None:
    folder = bench.made.write_issue().parent
    for name, colour in (("kept.png", "red"), ("gone.png", "green"), ("new.png", "blue")):
        Image.new("RGB", (600, 300), colour).save(folder / name)
    text = ISSUE + "\n![A knee](kept.png)\n\n![A foot](gone.png)\n"
    before = bench.afresh(text)
    Image.new("RGB", (600, 300), "black").save(folder / "kept.png")
    found = compare(before, bench.afresh(text.replace("gone", "new")), "walking")
    ((kept, was, now), *others) = sorted(told(found, Part.IMAGES), key=lambda one: one[0] != "kept.png")
    assert (kept, was != now, was is not None, now is not None) == ("kept.png", True, True, True)
    assert [(what, before is None, after is None) for what, before, after in others] == [
        ("new.png", True, False),
        ("gone.png", False, True),
    ]


def test_disclaimers_new_and_gone(bench: Bench) -> None:
    found = bench.edited(("title: Walking", "title: Walking\ntopics: [regenerative]"))
    assert [(what, before) for what, before, after in told(found, Part.DISCLAIMERS)] == [("not-fda-approved", None)]


def test_another_version_of_a_disclaimer(bench: Bench) -> None:
    before = bench.prepared(ISSUE)
    changed = replace(before.variants[0], disclaimers=("general@1", "new@2"))
    after = replace(before, variants=[changed])
    before = replace(before, variants=[replace(changed, disclaimers=("general@0.9", "old@1"))])
    assert told(compare(before, after, "walking"), Part.DISCLAIMERS) == [
        ("general", "0.9", "1"),
        ("new", None, "2"),
        ("old", "1", None),
    ]


class TestVariants:
    TEXT = ISSUE + "\n::: only audience=runners\nRun.\n:::\n\n::: only audience=walkers\nWalk.\n:::\n\nThe end.\n"

    def test_what_changed_alike_in_all_is_told_once(self, bench: Bench) -> None:
        found = bench.edited(("Short walks", "Long walks"), ("The end", "Goodbye"), text=self.TEXT)
        assert [group.variants for group in found.changes] == [("", "runners", "walkers")]
        assert differing(every(found, Part.TEXT)) == [
            *("-Short walks help [1].", "+Long walks help [1]."),
            *("-The end.", "+Goodbye."),
        ]

    def test_what_changed_for_some_is_told_for_them(self, bench: Bench) -> None:
        found = bench.edited(("Run.", "Jog."), ("Short", "Long"), text=self.TEXT)
        groups = {group.variants: [*group.changes] for group in found.changes}
        assert list(groups) == [("", "runners", "walkers"), ("runners",)]
        assert differing(groups["runners",]) == ["-Run.", "+Jog.", "-Run.", "+Jog."]

    def test_a_new_variant_is_compared_with_what_its_readers_got_before(self, bench: Bench) -> None:
        text = ISSUE + "\n::: only audience=runners\nRun.\n:::\n\nThe end.\n"
        found = bench.edited(("\nThe end", "\n::: only audience=walkers\nStroll.\n:::\n\nThe end"), text=text)
        assert (found.variants_new, found.variants_gone) == (("walkers",), ())
        (group,) = found.changes
        assert group.variants == ("walkers",)
        assert [line for line in differing(group.changes) if "Stroll" in line] == ["+Stroll.", "+Stroll."]

    def test_a_gone_variant_is_compared_with_what_its_readers_get_now(self, bench: Bench) -> None:
        found = bench.edited(("::: only audience=walkers\nWalk.\n:::\n", ""), text=self.TEXT)
        assert found.variants_gone == ("walkers",)
        (group,) = found.changes
        assert (group.variants, "-Walk." in differing(group.changes)) == (("walkers",), True)
        assert {size.variant: size.after is None for size in found.sizes} == {
            "": False,
            "runners": False,
            "walkers": True,
        }

    def test_the_same_twice_in_one_mail_is_told_twice(self, bench: Bench) -> None:
        apart = "\n\n".join(f"Paragraph {number}." for number in range(12))
        text = ISSUE + f"\nWalk.\n\n{apart}\n\nWalk.\n"
        found = bench.edited(("Walk.", "Run."), text=text)
        assert differing(every(found, Part.TEXT)) == ["-Walk.", "+Run."] * 2


class TestProblems:
    def test_new_and_gone(self, bench: Bench) -> None:
        found = bench.edited(("[@one]", "[@nobody]"))
        assert "citation-unknown" in {problem.code for problem in found.problems_new}
        assert found.has_new_errors
        back = bench.edited(("[@nobody]", "[@one]"), text=ISSUE.replace("[@one]", "[@nobody]"))
        assert {problem.code for problem in back.problems_gone} == {p.code for p in found.problems_new}
        assert not back.has_new_errors

    @pytest.mark.parametrize(
        ("before", "after", "new", "gone"),
        [
            ([], [], 0, 0),
            ([("one", 1)], [("one", 7)], 0, 0),
            ([("48 pixels", 1)], [("52 pixels", 1)], 0, 0),
            ([("one", 1)], [("one", 1), ("one", 2)], 1, 0),
            ([("one", 1), ("one", 2)], [("one", 2)], 0, 1),
            ([("one", 1)], [("other", 1)], 1, 1),
            ([("48 pixels", 1), ("52 pixels", 2)], [("52 pixels", 1)], 0, 1),
        ],
    )
    def test_they_are_matched_by_their_words_and_never_by_their_lines(
        self, before: list[tuple[str, int]], after: list[tuple[str, int]], new: int, gone: int, tmp_path: Path
    ) -> None:
        def side(said: Sequence[tuple[str, int]]) -> Prepared:
            found = [warning("some-code", Place(file="issue.md", line=line), words, "Mend it.") for words, line in said]
            return Prepared(slug="walking", path=tmp_path, problems=found)

        found = compare(side(before), side(after), "walking")
        assert (len(found.problems_new), len(found.problems_gone)) == (new, gone)

    def test_a_problem_that_became_an_error_is_new(self, tmp_path: Path) -> None:
        def side(make: Callable[[str, Place, str, str], Problem]) -> Prepared:
            found = [make("some-code", Place(file="issue.md"), "Words", "Mend it.")]
            return Prepared(slug="walking", path=tmp_path, problems=found)

        assert compare(side(warning), side(error), "walking").has_new_errors

    def test_those_of_the_earlier_state_speak_of_the_present_folder(self, tmp_path: Path) -> None:
        was, now = tmp_path / "was", tmp_path / "now"
        problem = error("a-b", Place(file=f"{was}/issue.md", line=3), f"see {was}/x", f"mend {was}/x")
        moved = relocated(Prepared(slug="a", path=was, problems=[problem]), was, now).problems[0]
        assert (moved.place.file, moved.message, moved.fix) == (f"{now}/issue.md", f"see {now}/x", f"mend {now}/x")


class TestStates:
    def test_new(self, bench: Bench) -> None:
        found = compare(None, bench.prepared(ISSUE), "walking")
        assert found.state is State.NEW
        assert told(found, Part.SUBJECT) == [("", None, "Walking")]
        assert not every(found, Part.SENDER)
        assert [(size.before, size.after is None) for size in found.sizes] == [(None, False)]
        assert found.variants_new == ()

    def test_deleted(self, bench: Bench) -> None:
        assert compare(bench.prepared(ISSUE), None, "walking").state is State.DELETED

    def test_what_could_not_be_rendered_before_is_new_and_its_problems_are_gone(self, bench: Bench) -> None:
        found = compare(bench.prepared(""), bench.prepared(ISSUE), "walking")
        assert (found.state, [problem.code for problem in found.problems_gone]) == (State.NEW, ["file-empty"])

    def test_what_cannot_be_rendered_now_is_broken_and_its_problems_are_new(self, bench: Bench) -> None:
        found = compare(bench.prepared(ISSUE), bench.prepared(""), "walking")
        assert (found.state, found.changes, found.has_new_errors) == (State.BROKEN, (), True)

    def test_one_part_of_the_mail_can_be_chosen(self, bench: Bench) -> None:
        found = bench.edited(("title: Walking", "title: Running"), ("Short", "Long"))
        assert every(found.only(Part.TEXT), Part.HTML) == []
        assert every(found.only(Part.TEXT), Part.TEXT) == every(found, Part.TEXT) != []
        assert every(found.only(Part.HTML), Part.TEXT) == []
        assert told(found.only(Part.HTML), Part.SUBJECT) == [("", "Walking", "Running")]


LINES = st.lists(st.sampled_from(["a", "b", "c", "</td>"]), max_size=30)


@given(before=LINES, after=LINES)
def test_hunks_turn_one_side_into_the_other(before: list[str], after: list[str]) -> None:
    """What a patch does: lines outside of the hunks are the same on both sides."""
    patched, position = [], 0
    for hunk in hunks(before, after):
        patched += before[position : hunk.start]
        assert len(patched) == hunk.begin
        assert [line[1:] for line in hunk.lines if line[0] in " -"] == before[hunk.start :][
            : sum(line[0] in " -" for line in hunk.lines)
        ]
        patched += [line[1:] for line in hunk.lines if line[0] in " +"]
        position = hunk.start + sum(line[0] in " -" for line in hunk.lines)
    assert patched + before[position:] == after
    assert bool(list(hunks(before, after))) == (before != after)


@given(before=LINES, after=LINES)
def test_hunks_told_apart_have_the_same_differences_as_those_joined(before: list[str], after: list[str]) -> None:
    apart, joined = (
        [line for hunk in hunks(before, after, joined=joined) for line in hunk.lines if line[0] != " "]
        for joined in (False, True)
    )
    assert apart == joined
    for hunk in hunks(before, after, joined=False):
        assert [line[1:] for line in hunk.lines if line[0] in " -"] == before[hunk.start :][
            : sum(line[0] in " -" for line in hunk.lines)
        ]


class TestHtmlLines:
    @pytest.mark.parametrize(
        ("html", "lines"),
        [
            ("<p>One.  Two.</p>", ["<p>", "One.", "Two.", "</p>"]),
            ('<td\n style="color:red"  width="4">x</td>', ['<td width="4">', "  style: color:red", "x", "</td>"]),
            ('<a name="top"></a>', ['<a name="top"></a>']),
            ('<a style="color:red"></a>', ["<a>", "  style: color:red", "</a>"]),
            ("<p>a &amp; b&#160;&lt;c&gt;</p>", ["<p>", "a & b <c>", "</p>"]),
            ('<img src="a.png" alt=""/>', ['<img src="a.png" alt="">']),
            ("<style>\n.a{}\n.b{}</style>", ["<style>", ".a{}", ".b{}", "</style>"]),
            (
                "<!DOCTYPE html><!--[if mso]>\n<td><![endif]-->",
                ["<!DOCTYPE html>", "<!--[if mso]>", "<td><![endif]-->"],
            ),
        ],
    )
    def test_a_tag_a_line_and_a_sentence_a_line(self, html: str, lines: list[str]) -> None:
        assert [line.words for line in html_lines(html)] == lines

    def test_each_knows_where_it_begins(self) -> None:
        html = "<p>\nOne.\n</p><b>two</b>"
        assert [html[line.offset :][:3] for line in html_lines(html)] == ["<p>", "\nOn", "</p", "<b>", "two", "</b"]
