"""The structure of a finished mail: images, headings, tables, and what the page says of itself. A right one is silent."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from newsletter.check.rulebook import Content
from newsletter.check.seen import headings, page_head, tables
from newsletter.check.seen import images as accessible
from newsletter.check.written import language
from newsletter.model.document import Heading, Image, Link, Paragraph, Strong, Table, Text, TypedBlock
from newsletter.model.problem import Level, Place
from newsletter.settings import Settings
from tests.check.pages import AT, BODY, PLACE, SETTINGS, codes, found, issue, mail

if TYPE_CHECKING:
    from newsletter.model.issue import Issue
    from newsletter.model.reference import Reference

MAIL_RULES = [
    rule for module in (accessible, headings, tables, page_head) for rule in module.RULES if rule.scope == "mail"
]
LOCAL = Settings.model_validate(
    {
        "newsletter": {"name": "Letters", "base_url": "http://localhost:8000"},
        "sender": {"name": "Clinic", "address": "a@example.org", "postal_address": "12 Example Street, Springfield"},
    }
)
IMAGE = '<img src="https://example.org/x.png" width="10" height="10" alt="A stair">'


def told(body: str, marked: str = "<p") -> list[tuple[str, Place]]:
    return [(problem.code, problem.place) for problem in found(MAIL_RULES, mail(body, marked=marked))]


def content(one: Issue, whole: Issue | None = None, source: str = "") -> Content:
    references: tuple[Reference, ...] = ()
    return Content(issue=one, whole=whole or one, references=references, settings=SETTINGS, source=source)


def test_a_right_mail_is_silent() -> None:
    assert found(MAIL_RULES, mail(BODY + IMAGE)) == []


# -- images


@pytest.mark.parametrize(
    ("image", "code"),
    [
        (IMAGE.replace(' alt="A stair"', ""), "img-alt-missing"),
        (IMAGE.replace(' width="10"', ""), "img-size-missing"),
        (IMAGE.replace("https:", "http:"), "img-source"),
        (IMAGE.replace("https://example.org/", "images/"), "img-source"),
        (IMAGE.replace("https://example.org/x.png", "data:image/png;base64,AAAA"), "img-source"),
        (IMAGE.replace("https://example.org/x.png", ""), "img-source"),
        (f'<a href="https://example.org/">{IMAGE.replace("A stair", " ")}</a>', "img-link-nameless"),
    ],
)
def test_an_image_of_a_template_is_told_where_it_stands(image: str, code: str) -> None:
    assert told(BODY + image, marked=image) == [(code, PLACE)]


@pytest.mark.parametrize(
    "image",
    [
        IMAGE.replace("A stair", ""),
        IMAGE.replace(' width="10"', ' style="max-width:300px"'),
        IMAGE.replace("https://example.org/x.png", "cid:x@example.org"),
        f'<a href="https://example.org/">{IMAGE}</a>',
        f'<a href="https://example.org/" aria-label="Stairs">{IMAGE.replace("A stair", "")}</a>',
        f'<a href="https://example.org/">{IMAGE.replace("A stair", "")} Stairs</a>',
        '<div style="display:none"><img src="x.png"></div>',
    ],
)
def test_decoration_embedded_and_hidden_images_are_silent(image: str) -> None:
    assert told(BODY + image) == []


def test_an_unencrypted_image_is_a_warning() -> None:
    (problem,) = found(MAIL_RULES, mail(BODY + IMAGE.replace("https:", "http:")))
    assert problem.level is Level.WARNING


def test_the_newsletters_own_address_is_judged_where_mails_are_sent() -> None:
    at_home = replace(mail(BODY + IMAGE.replace("https://example.org", "http://localhost:8000/i")), settings=LOCAL)
    assert found(MAIL_RULES, at_home) == []


def test_the_authors_own_nameless_image_is_told_by_another_rule() -> None:
    link = Link(target=("https://example.org/",), content=(Image(source=("x.png",), alt="", at=PLACE),), at=PLACE)
    linked = f'<a href="https://example.org/">{IMAGE.replace("A stair", "")}</a>'
    author = issue(Paragraph(content=(link,), at=PLACE))
    assert found(MAIL_RULES, mail(BODY + linked, issue=author, marked="<a")) == []


# -- headings


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (BODY.replace("h1>", "p>"), {"heading-main"}),
        (BODY.replace("<h1>", "<h1 hidden>"), {"heading-main"}),
        (f"{BODY}<h1>Again</h1>", {"heading-main"}),
        (f"{BODY}<h3>Hours</h3>", {"heading-order"}),
        (f"{BODY}<h2>Hours</h2><h4>Monday</h4>", {"heading-order"}),
        (f"{BODY}<h2>&nbsp;</h2>", {"heading-blank"}),
        (f"{BODY}<h2>Hours</h2><h3>Monday</h3><h2>More</h2>", set()),
        (f"{BODY}<h2>{IMAGE}</h2>", set()),
    ],
)
def test_headings_of_the_mail(body: str, expected: set[str]) -> None:
    assert codes(MAIL_RULES, mail(body)) == expected


def test_a_heading_that_its_author_skipped_is_told_where_it_is_read() -> None:
    author = issue(Heading(level=3, content=(Text(text="Hours"),), anchor="hours", at=PLACE))
    assert found(MAIL_RULES, mail(f"{BODY}<h3>Hours</h3>", issue=author, marked="<h3")) == []


def heading(level: int, line: int) -> Heading:
    return Heading(
        level=level, content=(Text(text="Hours"),), anchor="hours", at=Place(file="issue.md", line=line, column=1)
    )


def test_a_gap_that_only_a_variant_has_is_told_in_it() -> None:
    rules = [headings.levels_are_not_skipped_for_some]
    whole, part = issue(heading(2, 3), heading(3, 5)), issue(heading(3, 5))
    (problem,) = found(rules, content(part, whole))
    assert (problem.code, problem.place.line) == ("heading-skip-variant", 5)
    assert found(rules, content(whole)) == []
    assert found(rules, content(part)) == []  # told while reading


# -- tables

_DATA = '<table><tr><th scope="col">Day</th></tr><tr><td>Monday</td></tr></table>'


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        (_DATA, set()),
        ('<table role="presentation"><tr><td>a</td></tr></table>', set()),
        ("<table><tr><td>a</td></tr></table>", {"table-role"}),
        (f"<table><tr><td>{_DATA}</td></tr></table>", {"table-role"}),
        (_DATA.replace("<table", '<table role="none"'), {"table-role"}),
        (_DATA.replace(' scope="col"', ""), {"table-header-scope"}),
    ],
)
def test_tables_of_the_mail(table: str, expected: set[str]) -> None:
    assert codes(MAIL_RULES, mail(BODY + table)) == expected


def table_of(source: str) -> Content:
    """A table in the third line; the cells as they stand in its first."""
    cells = [cell.strip() for cell in source.strip().strip("|").split("|")]
    header = tuple((Text(text=cell),) if cell else () for cell in cells)
    at = Place(file="issue.md", line=3, column=1 + len(source) - len(source.lstrip()))
    return content(
        issue(Table(header=header, rows=(), align=(None,) * len(header), at=at)), source=f"\n\n{source}\n|---|\n"
    )


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("| Day | Hours |", []),
        ("| Day | |", [(8, Level.WARNING)]),
        ("| Day | | Place |", [(8, Level.WARNING)]),
        ("| | Hours |", [(2, Level.INFORMATION)]),
        ("  | | |", [(4, Level.WARNING)]),
    ],
)
def test_a_column_without_a_name_is_told_at_its_place(source: str, expected: list[tuple[int, Level]]) -> None:
    problems = found([tables.columns_have_names], table_of(source))
    assert [(problem.place.column, problem.level) for problem in problems] == expected
    assert all(problem.place.line == 3 for problem in problems)


def test_wide_tables_are_told() -> None:
    assert found([tables.tables_fit_on_phones], table_of("|a|b|c|d|e|f|")) == []
    assert codes([tables.tables_fit_on_phones], table_of("|a|b|c|d|e|f|g|")) == {"table-wide"}


# -- the page


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"html": "<html>"}, {"page-language"}),
        ({"html": "<html lang=de>"}, {"page-language"}),
        ({"html": '<html lang="en-GB">'}, set()),
        ({"div": "<div>"}, {"page-language"}),
        ({"html": '<html lang="en" dir="rtl">'}, {"page-direction"}),
        ({"head": '<meta charset="utf-8"><title>a</title>'}, {"page-viewport"}),
        ({"head": '<meta name="viewport" content="width=device-width"><title>a</title>'}, {"page-charset"}),
        ({"head": '<meta charset="utf-8"><meta name="viewport" content="width=device-width">'}, {"page-title"}),
    ],
)
def test_what_the_page_does_not_say(changed: dict[str, str], expected: set[str]) -> None:
    assert codes(MAIL_RULES, mail(**changed)) == expected


@pytest.mark.parametrize("lock", ["user-scalable=no", "maximum-scale=1", "maximum-scale=1.0"])
def test_readers_may_zoom(lock: str) -> None:
    head = '<meta http-equiv="Content-Type" content="text/html; charset=UTF-8"><title>a</title>'
    viewport = '<meta name="viewport" content="width=device-width{}">'
    assert codes(MAIL_RULES, mail(head=head + viewport.format(f",{lock}"))) == {"page-viewport"}
    assert codes(MAIL_RULES, mail(head=head + viewport.format(",maximum-scale=10"))) == set()


def test_hebrew_says_its_direction_twice() -> None:
    hebrew: dict[str, Any] = {
        "issue": issue(language="he"),
        "html": '<html lang="he" dir="rtl">',
        "div": '<div lang="he" dir="rtl">',
    }
    assert codes(MAIL_RULES, mail(**hebrew)) == set()
    assert codes(MAIL_RULES, mail(**hebrew | {"div": '<div lang="he">'})) == {"page-direction"}
    assert codes(MAIL_RULES, mail(**hebrew | {"html": '<html lang="he">'})) == {"page-direction"}


def test_the_wrapper_alone_without_a_language_is_only_worth_knowing() -> None:
    (problem,) = found(MAIL_RULES, mail(div="<div>"))
    assert problem.level is Level.INFORMATION


# -- the language of the words

TEXTS = {
    "en": "After the operation the knee is swollen and the muscles are weak. Walk a little every day and rest when it hurts. "
    * 3,
    "de": "Nach der Operation ist das Knie geschwollen und die Muskeln sind schwach. Gehen Sie jeden Tag ein wenig. "
    * 4,
    "es": "Después de la operación la rodilla está hinchada y los músculos son débiles. Camine un poco para que no duela. "
    * 4,
    "fr": "Après l'opération le genou est enflé et les muscles sont faibles. Marchez un peu avec nous et vous irez mieux. "
    * 4,
    "he": "אחרי הניתוח הברך נפוחה והשרירים חלשים. לכו קצת בכל יום ונוחו כשכואב. " * 6,
}


@pytest.mark.parametrize("written", TEXTS)
@pytest.mark.parametrize("said", TEXTS)
def test_words_that_are_of_another_language_than_said(written: str, said: str) -> None:
    subject = content(issue(Paragraph(content=(Text(text=TEXTS[written]),), at=AT), language=said))
    problems = found(language.RULES, subject)
    assert [problem.code for problem in problems] == ([] if written == said else ["language-differs"])
    assert all(f"`language: {written}`" in problem.fix for problem in problems)


def test_short_mixed_and_unknown_texts_prove_nothing() -> None:
    for text, said in (
        (TEXTS["de"][:200], "en"),
        (TEXTS["de"] + TEXTS["en"], "en"),
        (TEXTS["en"], "pt"),
        ("Larkmeadow Springfield Orthopaedics " * 30, "de"),
    ):
        assert found(language.RULES, content(issue(Paragraph(content=(Text(text=text),), at=AT), language=said))) == []


def test_the_language_is_told_where_the_front_matter_says_it() -> None:
    made = issue(Paragraph(content=(Strong(content=(Text(text=TEXTS["de"]),)),), at=AT))
    at = Place(file="issue.md", line=4, column=11)
    (problem,) = found(language.RULES, content(replace(made, path=Path("issue.md"), places={"language": at})))
    assert problem.place == at


def test_figures_with_a_link_and_words_are_silent() -> None:
    figure = TypedBlock(
        name="figure", attributes={"href": ("https://example.org/",), "alt": ("x",)}, blocks=(), at=PLACE
    )
    linked = f'<a href="https://example.org/">{IMAGE.replace("A stair", "")}</a>'
    assert codes(MAIL_RULES, mail(BODY + linked, issue=issue(figure), marked="<a")) == {"img-link-nameless"}
