"""The front matter: YAML 1.2, every key, every mistake at once."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.model.document import MergeTag
from newsletter.model.issue import IgnoredCheck
from newsletter.model.problem import Place
from newsletter.read import FrontMatter, front_matter_schema, read_issue
from tests.read.letters import SETTINGS, issue_of, problem, read, told

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from newsletter.model.problem import Problem
    from newsletter.model.reference import Reference, ReferenceSources
    from newsletter.read import ReadResult


def front(yaml: str) -> ReadResult:
    return read(f"---\n{yaml}\n---\n\nThe body.\n")


def codes(yaml: str) -> list[str]:
    return [code for code, _, _ in told(front(yaml))]


FULL = """\
title: Running after surgery
subject: "{{ first_name | default('Friend') }}, can you run?"
preheader: Six studies
date: 2026-12-01
authors: [Dr. Ines Calloway, Tobias Renner]
language: de
template: digest
topics: [hip, sport]
audience: friends
references: [refs.json, {id: own2020, title: Our own}]
citation_style: apa
disclaimers: [delivery]
variables:
  clinic: Larkmeadow
checks:
  ignore:
    - code: subject-long
      reason: it is a name
"""


def test_every_key_arrives_in_the_issue() -> None:
    result = front(FULL)
    assert result.problems == ()
    issue = issue_of(result)
    assert (issue.slug, issue.title, issue.language, issue.template) == (
        "knees",
        "Running after surgery",
        "de",
        "digest",
    )
    assert issue.date == date(2026, 12, 1)
    assert issue.authors == ("Dr. Ines Calloway", "Tobias Renner")
    assert (issue.topics, issue.audience, issue.disclaimers) == (("hip", "sport"), ("friends",), ("delivery",))
    assert issue.citation_style == "apa"
    assert issue.variables == {"clinic": "Larkmeadow"}
    assert issue.ignored_checks == (IgnoredCheck(code="subject-long", reason="it is a name"),)
    tag, rest = issue.subject
    assert isinstance(tag, MergeTag)
    assert (tag.name, tag.fallback, rest) == ("first_name", "Friend", ", can you run?")
    assert issue.preheader == ("Six studies",)


def test_defaults() -> None:
    issue = issue_of(front("title: Knees"))
    assert issue.subject == ("Knees",)
    assert issue.preheader == ()
    assert (issue.language, issue.template, issue.citation_style) == ("en", "article", "american-medical-association")
    assert (issue.date, issue.authors, issue.topics, issue.audience) == (None, (), (), ())


def test_the_place_of_each_key_is_known() -> None:
    issue = issue_of(front(FULL))
    assert (issue.place("title").line, issue.place("title").column) == (2, 1)
    assert (issue.place("variables.clinic").line, issue.place("variables.clinic").column) == (15, 3)
    assert issue.place("checks.ignore.0").line == 18


def test_sources_of_references_are_handed_to_the_loader_with_their_places(tmp_path: Path) -> None:
    seen: list[ReferenceSources] = []
    path = tmp_path / "hip.md"
    path.write_text("---\ntitle: T\nreferences:\n  - a.bib\n  - {id: x, title: X}\n---\n", encoding="utf-8")

    def load(sources: ReferenceSources) -> tuple[Mapping[str, Reference], list[Problem]]:
        seen.append(sources)
        return {}, []

    read_issue(path, SETTINGS, load)
    assert seen[0].folder == tmp_path
    assert seen[0].files == (("a.bib", Place(file=str(path), line=4, column=5)),)
    assert seen[0].inline == (({"id": "x", "title": "X"}, Place(file=str(path), line=5, column=5)),)


def test_one_name_stands_for_a_list_of_one() -> None:
    issue = issue_of(front("title: T\nauthors: Ann Lee\naudience: friends\ntopics: hip"))
    assert (issue.authors, issue.audience, issue.topics) == (("Ann Lee",), ("friends",), ("hip",))


@pytest.mark.parametrize("text", ["no", "yes", "on", "off", "12:30", "1_000", "0o9", "2026-12-01", "1:2:3", "=", "<<"])
def test_yaml_1_2_reads_these_as_texts(text: str) -> None:
    assert issue_of(front(f"title: {text}")).title == text


def test_norwegian_is_a_language() -> None:
    result = front("title: T\nlanguage: no")
    assert result.problems == ()
    assert issue_of(result).language == "no"


@pytest.mark.parametrize("value", ["2026", "3.5", "true", "0x1F", "-1", ".inf", ".nan", "1e3", "0o17"])
def test_a_number_where_a_text_is_due_asks_for_quotes(value: str) -> None:
    found = problem(front(f"title: {value}"), "front-matter-type")
    assert "quotes" in found.fix
    assert (found.place.line, found.place.column) == (2, 1)


def test_all_mistakes_come_at_once_and_the_body_is_read_as_well() -> None:
    text = "---\nsubjekt: x\ntitle: 5\ndate: soon\nlanguage: klingon\nchecks: {ignore: [{code: x}]}\n---\n<b>x</b>\n"
    result = read(text)
    assert told(result) == [
        ("front-matter-unknown-key", 2, 1),
        ("front-matter-type", 3, 1),
        ("front-matter-value", 4, 1),
        ("front-matter-value", 5, 1),
        ("front-matter-missing", 6, 19),
        ("raw-html", 8, 1),
    ]
    assert "`subject`" in result.problems[0].fix
    assert issue_of(result).title == "knees"


def test_a_missing_title_is_told() -> None:
    assert codes("subject: x") == ["front-matter-missing"]
    assert codes("title:") == ["front-matter-missing"]
    assert codes("") == ["front-matter-missing"]
    assert codes('title: "  "') == ["front-matter-value"]


def test_a_key_with_a_capital_is_told_as_such() -> None:
    result = front("Title: Knees")
    assert sorted(code for code, _, _ in told(result)) == ["front-matter-missing", "front-matter-unknown-key"]
    assert "small letters" in problem(result, "front-matter-missing").fix


def test_keys_without_value_count_as_not_given() -> None:
    result = front("title: T\npreheader:\ndate:\nauthors:\nreferences:\nvariables:\nchecks:")
    assert result.problems == ()


def test_one_wrong_variable_does_not_take_the_others_with_it() -> None:
    result = read("---\ntitle: T\nvariables: {a: 5, b: x, 'c d': y}\nchecks: {ignor: []}\n---\n{{ b }}\n")
    assert told(result) == [
        ("front-matter-type", 3, 13),
        ("front-matter-value", 3, 25),
        ("front-matter-unknown-key", 4, 10),
    ]
    assert issue_of(result).variables == {"b": "x"}


def test_a_reason_is_required_to_ignore_a_check() -> None:
    assert codes('title: T\nchecks: {ignore: [{code: x, reason: ""}]}') == ["front-matter-value"]


def test_a_duplicate_key_is_refused_with_both_lines() -> None:
    result = front("title: One\npreheader: x\ntitle: Two\nvariables: {a: x, a: y}")
    assert told(result) == [("front-matter-duplicate-key", 4, 1), ("front-matter-duplicate-key", 5, 19)]
    assert "line 2" in result.problems[0].message
    assert issue_of(result).title == "One"


@pytest.mark.parametrize(
    ("yaml", "line", "column"),
    [
        ("title: &a Knees", 2, 8),
        ("title: *a", 2, 8),
        ("title: !!str Knees", 2, 8),
        ("title: !x Knees", 2, 8),
        ("title: Knees: more", 2, 13),
        ("title: @larkmeadow", 2, 8),
        ("title: `x`", 2, 8),
        ("title: %x", 2, 8),
        ("title: T\nvariables:\n\tx: y", 4, 1),
        ("\ttitle: T", 2, 1),
        ('title: T\nsubject: "x', 3, 12),
        ('title: "a\\qb"', 2, 11),
        ("title: T\nauthors: [a, b", 3, 15),
        ("title: T\n? [a]\n: b", 3, 3),
        ("- title", 2, 1),
        ("just words", 2, 1),
        ("title: T\n--- x\ntitle: U", 3, 1),
        ("title: {{ x }}", 2, 9),
    ],
)
def test_what_is_no_yaml_is_told_in_plain_words_with_its_place(yaml: str, line: int, column: int) -> None:
    found = problem(front(yaml), "front-matter-syntax")
    assert (found.place.line, found.place.column) == (line, column)
    assert found.fix
    for jargon in ("scanning", "token", "mapping", "scalar", "flow", "node"):
        assert jargon not in found.message


def test_a_tab_is_named() -> None:
    assert "tab" in problem(front("title: T\nvariables:\n\tx: y"), "front-matter-syntax").message


def test_a_merge_tag_without_quotes_is_told_to_want_them() -> None:
    for yaml in ("title: T\nsubject: {{ first_name }}, news", "title: T\nsubject: {{ first_name }}"):
        assert "merge tag" in problem(front(yaml), "front-matter-syntax").message


def test_a_number_sign_that_would_cut_a_title_is_told() -> None:
    result = front("title: Recipe #4\npreheader: fine # a comment")
    assert told(result) == [("front-matter-comment", 2, 14)]


def test_growing_and_deep_yaml_is_refused() -> None:
    bomb = "title: T\na: &a [x, x]\n" + "\n".join(
        f"{b}: &{b} [*{a}, *{a}]" for a, b in zip("abcdefg", "bcdefgh", strict=True)
    )
    assert "front-matter-syntax" in codes(bomb)
    assert codes("title: T\nreferences: " + "[" * 50_000) == ["front-matter-syntax"]
    assert codes("title: T\nreferences: " + "{a: " * 20_000) == ["front-matter-syntax"]
    assert codes("title: T\npreheader: " + "x" * 300_000) == ["front-matter-too-large"]


@pytest.mark.parametrize(
    "value", ["20261201", "2026-13-01", "2026-12-01T10:00:00", "1 December", "[2026-12-01]", "true"]
)
def test_a_date_is_year_month_day(value: str) -> None:
    assert set(codes(f"title: T\ndate: {value}")) <= {"front-matter-value", "front-matter-type"}
    assert codes(f"title: T\ndate: {value}")


def test_a_date_in_quotes_is_a_date() -> None:
    assert issue_of(front('title: T\ndate: "2026-12-01"')).date == date(2026, 12, 1)


@pytest.mark.parametrize("value", ['"a\\nb"', '"a\\rBcc: x@example.org"', '"a\\0b"', "|\n  a\n  b"])
def test_a_line_break_in_a_title_or_subject_is_refused(value: str) -> None:
    for key in ("title", "subject", "preheader"):
        result = front(f"{'' if key == 'title' else 'title: T'}\n{key}: {value}")
        assert {code for code, _, _ in told(result)} & {"front-matter-value", "control-character"}


def test_a_folded_text_is_one_line() -> None:
    assert issue_of(front("title: >\n  Knees\n  and hips")).title == "Knees and hips"


def test_merge_tags_do_not_belong_into_title_and_variables() -> None:
    result = front("title: \"Dear {{ first_name }}\"\nvariables: {a: '{{ b }}'}")
    assert told(result) == [("front-matter-value", 2, 1), ("front-matter-value", 3, 13)]
    assert issue_of(front(r"title: 'About \{{ braces'")).title == "About {{ braces"


def test_a_variable_needs_a_usable_name() -> None:
    assert codes("title: T\nvariables: {'my name': x}") == ["front-matter-value"]


def test_a_variable_may_not_shadow_a_field_of_the_subscriber() -> None:
    result = front("title: T\nvariables:\n  first_name: x\n  city: y\n  town: z")
    assert told(result) == [("variable-shadows-field", 4, 3), ("variable-shadows-field", 5, 3)]


@pytest.mark.parametrize("text", ["Just words\n", "\n\nJust words\n", "# Heading\n---\n"])
def test_a_missing_front_matter_is_told_and_the_body_still_read(text: str) -> None:
    result = read(text + "\n<i>x</i>\n")
    assert told(result)[0][0] == "front-matter-missing"
    assert "raw-html" in [code for code, _, _ in told(result)]
    assert issue_of(result).body


def test_a_first_line_that_is_nearly_right_is_explained() -> None:
    for line in ("----", " ---", "\u2014"):
        assert "three hyphens" in problem(read(f"{line}\ntitle: T\n---\n"), "front-matter-missing").fix


def test_an_unclosed_front_matter_is_told_and_both_parts_read() -> None:
    result = read("---\ntitle: Knees\nsubjekt: x\n\nThe <b>body</b>.\n")
    assert told(result) == [("front-matter-unclosed", 1, 1), ("front-matter-unknown-key", 3, 1), ("raw-html", 5, 5)]
    assert issue_of(result).title == "Knees"


def test_blank_lines_above_and_spaces_behind_the_hyphens_do_no_harm() -> None:
    result = read("\n\n---  \ntitle: Knees\n--- \nHello <b>\n")
    assert told(result) == [("raw-html", 6, 7)]


def test_a_divider_in_the_body_does_not_end_the_front_matter_again() -> None:
    assert len(issue_of(read("---\ntitle: T\n---\na\n\n---\n\nb\n")).body) == 3


def test_the_schema_names_every_key() -> None:
    schema = front_matter_schema()
    assert set(schema["properties"]) == set(FrontMatter.model_fields)
    assert schema["required"] == ["title"]
    assert schema["additionalProperties"] is False
    json.dumps(schema)


@given(st.text(alphabet=st.sampled_from("abc:-#[]{}\"'&*!|>%@`,? \n\t0.~\\\ue000é"), max_size=60))
def test_no_yaml_is_a_traceback_and_all_places_are_within_the_file(yaml: str) -> None:
    result = front(yaml)
    lines = result.source.split("\n")
    for found in result.problems:
        assert 0 <= found.place.line <= len(lines)
        assert found.place.column <= len(lines[found.place.line - 1]) + 1


@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Co", "Zl", "Zp", "Cn"]), min_size=1).filter(str.strip))
def test_any_line_of_text_in_quotes_is_a_title(title: str) -> None:
    quoted = json.dumps(title, ensure_ascii=False)
    if "{{" not in title:
        assert issue_of(front(f"title: {quoted}")).title == title.strip()


@pytest.mark.parametrize("key", ["authors", "topics", "audience", "disclaimers"])
@pytest.mark.parametrize("value", ["{}", "{name: x}", "{1: 2}"])
def test_a_table_where_a_list_is_due_is_a_problem(key: str, value: str) -> None:
    result = front(f"title: T\n{key}: {value}")
    assert told(result) == [("front-matter-type", 3, 1)]


def test_authors_have_no_merge_tags_since_the_byline_would_show_them_as_they_stand() -> None:
    assert codes('title: T\nauthors: ["{{ sender.name }}"]') == ["front-matter-value"]


@pytest.mark.parametrize("value", ['"New" hips', "'It's here'", "[New] hips"])
def test_words_behind_a_closing_quote_are_told_as_such(value: str) -> None:
    found = problem(front(f"title: {value}"), "front-matter-syntax")
    assert "closing quote" in found.message
    assert "quotes of the other kind" in found.fix
