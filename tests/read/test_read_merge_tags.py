"""Merge tags in text, links, tables, attributes and the subject."""

from __future__ import annotations

import pytest

from newsletter.model.document import (
    Code,
    CodeBlock,
    Emphasis,
    Heading,
    Link,
    MergeTag,
    Paragraph,
    Strong,
    Table,
    Text,
    TypedBlock,
    every_inline,
    plain_words,
)
from newsletter.model.problem import Level
from tests.read.letters import body, inlines, issue_of, only, problem, read, read_body, told, told_in_body


def tags(text: str) -> list[tuple[str, str | None, int, int]]:
    found = [inline for inline in inlines(text) if isinstance(inline, MergeTag)]
    return [(tag.name, tag.fallback, tag.at.line - 3, tag.at.column) for tag in found]


def test_a_field_with_fallback() -> None:
    for quoted in ('"dear reader"', "'dear reader'"):
        assert tags(f"Hello {{{{ first_name | default({quoted}) }}}}!") == [("first_name", "dear reader", 1, 7)]
    assert tags("{{first_name|default('x')}}") == [("first_name", "x", 1, 1)]
    assert tags('{{ city | default( "it\'s" ) }}') == [("city", "it's", 1, 1)]


def test_a_field_without_fallback_is_a_warning() -> None:
    result = read_body("Hello {{ first_name }}!")
    assert told(result) == [("merge-tag-without-fallback", 4, 7)]
    assert result.problems[0].level is Level.WARNING
    assert read_body('Hello{{ first_name | default("") }}!').problems == ()


def test_constants_become_text() -> None:
    text = """---
title: Knees
date: 2026-12-01
language: de
variables: {clinic: "Praxis *Lark*"}
---
{{ issue.title }}, {{ issue.date }}, {{ newsletter.name }}, {{ newsletter.base_url }}, {{ sender.phone }}, {{ clinic }},
{{ sender.reply_to }}, {{ sender.postal_address }}, {{ sender.name }}, {{ sender.address }}
"""
    result = read(text)
    assert result.problems == ()
    (paragraph,) = issue_of(result).body
    assert isinstance(paragraph, Paragraph)
    assert paragraph.content == (
        Text(
            text="Knees, 1. Dezember 2026, Larkmeadow Letters, https://news.example.org, 213-555-0142, 213-555-0143, "
            "Praxis *Lark*, letters@example.org, 12 Example Street, Springfield, CA 90001, Larkmeadow Joint Clinic, "
            "letters@example.org"
        ),
    )


def test_a_constant_that_is_empty_is_told_unless_it_has_a_fallback() -> None:
    assert told_in_body("On {{ issue.date }}: {{ sender.tagline }}") == [
        ("merge-tag-empty", 1, 4),
        ("merge-tag-empty", 1, 22),
    ]
    assert inlines('{{ sender.website | default("our site") }}') == [Text(text="our site")]


def test_an_unknown_name_is_an_error_with_the_nearest_known_one() -> None:
    found = problem(read_body("Hello\n{{ fist_name }}"), "merge-tag-unknown")
    assert (found.level, found.place.line, found.place.column) == (Level.ERROR, 5, 1)
    assert "`first_name`" in found.fix
    assert "`sender.phone`" in problem(read_body("{{ sender.fone }}"), "merge-tag-unknown").fix
    assert inlines("{{ fist_name }}") == [Text(text="{{ fist_name }}")]


def test_a_backslash_makes_braces_literal() -> None:
    assert inlines(r"Write \{{ first_name }} so.") == [Text(text="Write {{ first_name }} so.")]
    assert told_in_body(r"Write \{{ first_name }} so.") == []
    assert tags(r"\\{{ city | default('x') }}") == [("city", "x", 1, 3)]


@pytest.mark.parametrize(
    "text",
    [
        "{% if x %}",
        "{%",
        "{# note #}",
        "{{ first_name | upper }}",
        "{{ first_name|default(5) }}",
        "{{ first_name | default(“friend”) }}",
        "{{ first_name | default: 'x' }}",
        "{{ 7*7 }}",
        "{{ a.b() }}",
        "{{ }}",
        "{{}}",
        "{{ first_name",
        "{{ first_name\n}}",
        "{{ first name }}",
        "{{ o'neil }}",
        "{{ {{ first_name }} }}",
        "{{ first_name }",
        "{{{ first_name }}}",
    ],
)
def test_nothing_else_of_a_template_language_is_understood(text: str) -> None:
    result = read_body("See " + text)
    codes = {found.code for found in result.problems if found.level is Level.ERROR}
    assert codes <= {"merge-tag-syntax"}
    found = next(found for found in result.problems if found.code == "merge-tag-syntax")
    assert found.place.line == 4
    assert found.place.column >= 5
    assert "default" in found.fix


def test_code_keeps_its_braces() -> None:
    assert inlines("Type `{{ x }}` and ``{% y %}``.")[1] == Code(text="{{ x }}")
    for text, expected in (
        ("```\n{{ nope }} {% if %}\n```\n", "{{ nope }} {% if %}\n"),
        ("    {{ nope }}\n", "{{ nope }}\n"),
    ):
        block = only(text)
        assert isinstance(block, CodeBlock)
        assert block.text == expected


def test_a_tag_may_stand_in_the_target_of_a_link() -> None:
    text = '[Book](https://example.org/?n={{ first_name | default("x y") }}&c={{ city | default("") }} "Title")'
    link = next(inline for inline in inlines(text) if isinstance(inline, Link))
    assert [word if isinstance(word, str) else word.name for word in link.target] == [
        "https://example.org/?n=",
        "first_name",
        "&c=",
        "city",
    ]
    assert link.content == (Text(text="Book"),)
    assert [code for code, _, _ in told_in_body(text)] == ["title-not-shown"]


def test_a_tag_may_be_the_whole_target_and_stand_in_definitions_and_autolinks() -> None:
    for text in (
        "[x]({{ city | default('https://example.org') }})",
        "[x](<{{ city | default('https://example.org') }}>)",
        "[x]\n\n[x]: {{ city | default('https://example.org') }}\n",
    ):
        link = next(inline for inline in inlines(text) if isinstance(inline, Link))
        assert plain_words(link.target) == "https://example.org"
        assert told_in_body(text) == []
    link = next(i for i in inlines("<https://example.org/?e={{ city | default('a b') }}>") if isinstance(i, Link))
    assert plain_words(link.target) == "https://example.org/?e=a b"


def test_a_tag_with_a_bar_does_not_split_a_cell() -> None:
    table = only('| a | b |\n|---|---|\n| {{ city | default("here") }} | c |\n')
    assert isinstance(table, Table)
    assert len(table.rows[0]) == 2
    assert isinstance(table.rows[0][0][0], MergeTag)


def test_tags_in_headings_and_emphasis() -> None:
    heading, paragraph = body(
        "## For {{ city | default('you') }}\n\n**{{ city | default('x') }}** *a{{ issue.title }}*"
    )
    assert isinstance(heading, Heading)
    assert heading.anchor == "for-you"
    assert isinstance(paragraph, Paragraph)
    strong, _, emphasis = paragraph.content
    assert isinstance(strong, Strong)
    assert isinstance(strong.content[0], MergeTag)
    assert emphasis == Emphasis(content=(Text(text="aKnees"),))


def test_tags_in_attributes() -> None:
    block = only('::: callout title="For {{ first_name | default("you") }}, \\{{ you }}"\nText\n:::')
    assert isinstance(block, TypedBlock)
    before, tag, after = block.attributes["title"]
    assert isinstance(tag, MergeTag)
    assert (before, tag.name, tag.fallback, after) == ("For ", "first_name", "you", ", {{ you }}")


def test_a_variable_has_no_markup() -> None:
    result = read("---\ntitle: T\nvariables: {v: '**a** [@b] <i> {% x %}'}\n---\n{{ v }}\n")
    assert result.problems == ()
    (paragraph,) = issue_of(result).body
    assert isinstance(paragraph, Paragraph)
    assert paragraph.content == (Text(text="**a** [@b] <i> {% x %}"),)


def test_the_description_of_an_image_in_a_line_is_the_same_for_all() -> None:
    assert told_in_body("see ![knee of {{ issue.title }}](a.png) x") == []
    assert told_in_body("see ![knee of {{ city | default('x') }}](a.png) x") == [("merge-tag-place", 1, 5)]


def test_problems_of_the_subject_stand_at_the_subject() -> None:
    result = read('---\ntitle: T\nsubject: "{{ first_nam }}"\npreheader: "{% x %} {{ city }}"\n---\nx\n')
    assert told(result) == [
        ("merge-tag-unknown", 3, 10),
        ("merge-tag-syntax", 4, 12),
        ("merge-tag-without-fallback", 4, 12),
    ]


def test_very_many_tags_are_read() -> None:
    found = inlines("{{ city | default('x') }} " * 3_000)
    assert sum(isinstance(inline, MergeTag) for inline in found) == 3_000


def test_more_tags_than_a_mail_can_hold_are_refused() -> None:
    assert told_in_body("{{ city | default('x') }} " * 3_001) == [("body-too-complex", 1, 1)]


def test_a_constant_within_an_address_is_percent_encoded() -> None:
    text = "---\ntitle: Hips & knees\nvariables: {page: a b/c?d=e, site: https://example.org/x}\n---\n"
    text += "[1](https://example.org/?t={{ issue.title }}) [2](https://example.org/{{ page }}) [3]({{ site }})\n"
    result = read(text)
    assert result.problems == ()
    links = [inline for inline in every_inline(issue_of(result).body) if isinstance(inline, Link)]
    assert [plain_words(link.target) for link in links] == [
        "https://example.org/?t=Hips%20%26%20knees",
        "https://example.org/a%20b/c?d=e",
        "https://example.org/x",
    ]


def test_a_telephone_address_is_never_encoded_into_another_number() -> None:
    assert told_in_body("[call](tel:{{ sender.phone }})") == [("link-target", 1, 1)]


def test_a_mistaken_tag_in_an_address_is_told_once() -> None:
    assert told_in_body("[x](https://example.org/{{ nothing here }})") == [("merge-tag-syntax", 1, 25)]
    assert told_in_body("![x]({{ nme_of_picture }})") == [("merge-tag-unknown", 1, 6)]


def test_a_name_whose_value_could_not_be_read_is_no_news() -> None:
    result = read("---\ntitle: T\ndate: soon\nvariables: {hours: 5}\n---\n{{ hours }} {{ issue.date }} {{ other }}\n")
    assert [code for code, _, _ in told(result)] == ["front-matter-value", "front-matter-type", "merge-tag-unknown"]


def test_where_no_front_matter_could_be_read_its_names_are_no_news() -> None:
    result = read("---\ntitle: one: two\nvariables: {hours: late}\n---\n{{ hours }} [@a]\n")
    assert [code for code, _, _ in told(result)] == ["front-matter-syntax"]


@pytest.mark.parametrize("entity", ["&#8238;", "&#x202D;", "&#x85;", "&#xE000;", "&#0;"])
def test_no_entity_spells_a_character_that_the_file_may_not_hold(entity: str) -> None:
    assert told_in_body(f"Words {entity} here") == [("control-character", 1, 7)]
