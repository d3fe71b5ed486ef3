"""What mail programs make of a mail: the table, the readers, the features that are found, and which of them are told."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.check.clients.css import declarations_of, rules_of
from newsletter.check.clients.features import features_of
from newsletter.check.clients.losses import LOSSES
from newsletter.check.clients.support import USUAL, audience, percent, programs_in_words, support_of
from newsletter.check.clients.table import BadTable, ClientTable, read_table, shipped_table, table_for
from newsletter.check.clients.vocabulary import (
    BY_ATTRIBUTE,
    BY_ELEMENT,
    BY_ENDING,
    BY_FUNCTION,
    BY_KEYWORD,
    BY_MEDIA_QUERY,
    BY_PROPERTY,
    BY_PROPERTY_AND_KEYWORD,
    BY_PSEUDO,
    BY_TYPE,
    BY_UNIT,
    MAPPED,
)
from newsletter.check.page import read_page
from newsletter.model.mail_programs import FAMILIES, PROGRAMS, in_words
from newsletter.pipeline import prepare
from newsletter.settings import load
from tests.support.mail_programs import problems_of, published

if TYPE_CHECKING:
    from newsletter.model.problem import Problem

ROOT = Path(__file__).parents[2]
TABLE = shipped_table()
EVERYBODY = audience({})
#: features that no detector looks for, and why
UNMAPPED = {
    "amp": "another part of the message, not of the HTML",
    "bimi": "a record in the DNS, not in the mail",
    "css-comments": "taken out while rendering, and of no consequence",
    "html-comments": "of no consequence: whoever reads them does, all others pass over them",
    "html-doctype": "every mail of ours has the same",
    "image-hdr": "cannot be told from the address of an image",
}


def page(html: str) -> Any:
    return features_of(read_page(html), html)


def used(html: str) -> set[str]:
    return set(page(html).used)


def told(html: str) -> list[str]:
    """The features whose loss would be noticed by a tenth of the usual readers."""
    uses = page(html).uses
    return [use.feature for use in uses if support_of(use.feature, TABLE, EVERYBODY, use.spared).without >= 0.095]


# the hand map


def test_every_name_of_the_hand_map_is_in_the_table() -> None:
    assert MAPPED - TABLE.titles.keys() == set()
    assert LOSSES.keys() - MAPPED == set()


def test_every_feature_of_the_table_is_mapped_or_left_out_for_a_reason() -> None:
    assert TABLE.titles.keys() - MAPPED == UNMAPPED.keys()


def specimens() -> dict[str, str]:
    """For each feature, a piece of a mail that uses it."""
    pieces: dict[str, str] = {}
    pieces |= {feature: f'<p style="{name}: inherit">' for name, feature in BY_PROPERTY.items()}
    pieces |= {feature: f'<p style="{name}: {word}">' for (name, word), feature in BY_PROPERTY_AND_KEYWORD.items()}
    pieces |= {feature: f'<p style="width: {word}">' for word, feature in BY_KEYWORD.items()}
    pieces |= {feature: f'<p style="width: {name}(1)">' for name, feature in BY_FUNCTION.items()}
    pieces |= {feature: f'<p style="width: 1{unit}">' for unit, feature in BY_UNIT.items()}
    pieces |= {f: f"<style>@media ({name}: 1) {{ p {{ color: red }} }}</style>" for name, f in BY_MEDIA_QUERY.items()}
    pieces |= {feature: f"<style>p{name} {{ color: red }}</style>" for name, feature in BY_PSEUDO.items()}
    pieces |= {feature: f"<{tag}>" for tag, feature in BY_ELEMENT.items()}
    pieces |= {feature: f'<p {name}="1">' for name, feature in BY_ATTRIBUTE.items()}
    pieces |= {feature: f'<{tag} type="{kind}">' for (tag, kind), feature in BY_TYPE.items()}
    pieces |= {feature: f'<img src="https://example.org/a.{end}?x=1">' for end, feature in BY_ENDING.items()}
    selectors = {
        "adjacent-sibling": "a + b", "attribute": "[a]", "chaining": ".a.b", "child": "a > b", "class": ".a",
        "descendant": "a b", "general-sibling": "a ~ b", "grouping": "a, b", "id": "#a", "type": "a", "universal": "*",
    }  # fmt: skip
    pieces |= {f"css-selector-{name}": f"<style>{one} {{ color: red }}</style>" for name, one in selectors.items()}
    return pieces | {
        "css-at-font-face": "<style>@font-face { font-family: A; src: url(a) }</style>",
        "css-at-import": "<style>@import url(a.css);</style>",
        "css-at-keyframes": "<style>@keyframes a { from { color: red } }</style>",
        "css-at-media": "<style>@media print { a { color: red } }</style>",
        "css-at-supports": "<style>@supports (display: grid) { a { color: red } }</style>",
        "css-important": '<p style="color: red !important">',
        "css-nesting": "<style>a { color: red; & b { color: blue } }</style>",
        "css-unit-percent": '<p style="width: 50%">',
        "html-anchor-links": '<a href="#top">',
        "html-mailto-links": '<a href="mailto:ask@example.org">',
        "html-meta-color-scheme": '<meta name="color-scheme" content="light">',
        "image-base64": '<img src="data:image/png;base64,AAAA">',
    }


def test_every_detector_fires() -> None:
    pieces = specimens()
    assert pieces.keys() == MAPPED
    assert [feature for feature, piece in pieces.items() if feature not in used(piece)] == []


@pytest.mark.parametrize(
    ("selector", "features"),
    [
        ("p", {"type"}),
        ("p.a", {"type", "class"}),
        (".a.b .c", {"class", "chaining", "descendant"}),
        ("a>b , #c", {"type", "child", "grouping", "id"}),
    ],
)
def test_a_selector_is_taken_apart(selector: str, features: set[str]) -> None:
    (rule,) = rules_of(f"{selector} {{ color: red }}")
    assert rule.features == {f"css-selector-{name}" for name in features}
    assert not rule.extra


@pytest.mark.parametrize(
    "css",
    [
        "@media screen { .a { display: flex } }",
        "@supports (display: flex) { .a { display: flex } }",
        "[data-ogsc] .a { display: flex }",
        "u + #body .a { display: flex }",
        ".moz-text-html .a { display: flex }",
        ".a:hover { display: flex }",
        ".a { display: flex !important }",
    ],
)
def test_a_rule_that_is_an_extra_is_not_told(css: str) -> None:
    assert told(f"<style>{css}</style>") == []
    assert told(f"<style>{css} .a {{ display: flex }}</style>") == ["css-display-flex"]


# what is told

COLUMNS = "<div>a</div><div>b</div>"


@pytest.mark.parametrize(
    ("html", "feature"),
    [
        (f'<div style="display:flex">{COLUMNS}</div>', "css-display-flex"),
        (f'<div style="display: inline-GRID">{COLUMNS}</div>', "css-display-grid"),
        ('<div style="float:left">a</div>', "css-float"),
        ('<div style="position:absolute">a</div>', "css-position"),
        ('<td style="background-image:url(https://example.org/a.png)">a</td>', "css-background-image"),
        ('<td style="background:url(a.png) no-repeat center">a</td>', "css-background-image"),
        ('<td style="background:linear-gradient(#000000,#ffffff)">a</td>', "css-linear-gradient"),
        ('<td background="https://example.org/a.png">a</td>', "css-background-image"),
        ('<p style="color:var(--ink, #000000)">a</p>', "css-variables"),
        ('<p style="color:oklch(40% 0.2 20)">a</p>', "css-modern-color"),
        ('<p style="width:calc(100% - 20px)">a</p>', "css-unit-calc"),
        ('<p style="font-size:1.2rem">a</p>', "css-unit-rem"),
        ('<style>@import url("https://example.org/a.css");</style>', "css-at-import"),
        ("<style>.a { color: #000000; .b { color: #ffffff } }</style>", "css-nesting"),
        ('<style>.a::before { content: "Note" }</style>', "css-pseudo-element-before"),
        ("<style>@font-face{font-family:'Inter'}</style><p style=\"font-family:Inter\">a</p>", "css-at-font-face"),
        ('<video src="https://example.org/a.mp4"></video>', "html-video"),
        ("<svg><path></path></svg>", "html-svg"),
        ('<picture><source srcset="a.png"></picture>', "html-picture"),
        ('<img src="https://example.org/a.WEBP?w=600">', "image-webp"),
        ('<img src="https://example.org/a.svg">', "image-svg"),
        (f'<img src="https://example.org/a.b/c.webp?signature={"x" * 400}#a.png">', "image-webp"),
        ('<img src="data:image/png;base64,AAAA">', "image-base64"),
    ],
)
def test_what_readers_would_miss_is_told(html: str, feature: str) -> None:
    wanted = "html-background" if " background=" in html else feature
    uses = [use.feature for use in page(html).uses]
    assert uses == [wanted]
    if wanted != "html-background":  # only a few programs do not know that one
        assert told(html) == [feature]


@pytest.mark.parametrize(
    "html",
    [
        '<div style="display:flex"><div>alone</div></div>',
        '<div style="display:flex"><div style="display:inline-block">a</div><div style="display:inline-block">b</div></div>',
        '<img style="float:left" src="https://example.org/a.png">',
        '<table align="left" style="float:left">',
        '<div style="position:relative">a</div>',
        '<td style="background:#0b6e4f url(a.png)">a</td>',
        '<td style="background-color:#0b6e4f;background-image:linear-gradient(#000000,#ffffff)">a</td>',
        '<td bgcolor="#0b6e4f" style="background-image:url(a.png)">a</td>',
        '<td bgcolor="#0b6e4f" background="a.png">a</td>',
        '<p style="color:#000000;color:var(--ink)">a</p>',
        '<p style="--ink:#000000">a</p>',
        '<p style="width:560px;width:calc(100% - 20px)">a</p>',
        '<td width="300" style="width:calc(50% - 20px)">a</td>',
        '<p style="letter-spacing:0.1rem">a</p>',
        '<style>@import url("https://example.org/fonts.css");</style>',
        "<style>.a::before { content: '' }</style>",
        '<style>@font-face{font-family:Inter}</style><p style="font-family:Inter,Arial,sans-serif">a</p>',
        '<p style="font-family:Georgia">a</p>',
        '<img src="https://example.org/a.png?from=b.webp">',
        '<img src="https://webp.example/a">',
        '<video src="a.mp4"><a href="https://example.org/film">The film</a></video>',
        '<svg aria-hidden="true"></svg>',
        '<picture><source srcset="a.webp"><img src="a.png"></picture>',
        '<p style="border-radius:6px;box-shadow:0 0 2px #000000;max-width:600px;color-scheme:dark;opacity:0.9">a</p>',
        f'<div style="display:none"><div style="display:flex">{COLUMNS}</div></div>',
    ],
)
def test_what_has_a_fallback_or_is_only_nicer_is_not_told(html: str) -> None:
    assert page(html).uses == ()


def test_ghost_tables_and_drawn_grounds_are_outlooks_fallback() -> None:
    ghost = "<!--[if mso]></td><td width='300'><![endif]-->"
    columns = f'<div style="display:flex"><div>a</div>{ghost}<div>b</div></div>'
    assert [use.spared for use in page(columns).uses] == [frozenset({"outlook.windows", "outlook.windows-mail"})]
    assert told(columns) == []
    assert told(columns.replace(ghost, "<!--[if mso]><table><tr><td><![endif]-->")) == ["css-display-flex"]
    ground = (
        '<!--[if mso]><v:rect><v:fill src="a.png"/></v:rect><![endif]--><td style="background-image:url(a.png)">a</td>'
    )
    assert told(ground) == []


def test_what_is_not_for_outlook_is_not_missed_there() -> None:
    film = '<!--[if !mso]><!--><div style="float:left">a</div><!--<![endif]-->'
    assert told(film) == []
    assert told(f'{film}<div style="float:left">b</div>') == ["css-float"]


def test_our_own_mails_use_nothing_that_is_told() -> None:
    mails = sorted((ROOT / "tests" / "snapshots" / "expected").glob("*.html"))
    assert len(mails) > 20
    assert {path.name: found for path in mails if (found := page(path.read_text("utf-8")).uses)} == {}


@given(st.text(alphabet="abc:;{}()[]'\"@!/*\\ -,.#>+~&<=1%\n", max_size=60))
def test_any_css_is_read_without_a_fault(css: str) -> None:
    declarations_of(css)
    rules_of(css)
    page(f'<style>{css}</style><p style="{css}">a</p>')


# the rule


def findings(folder: Path, files: dict[str, str]) -> list[Problem]:
    """What the rule says to an issue in a workspace with these files."""
    return [problem for problem in problems_of(folder, files) if problem.code == "client-unsupported"]


MASTHEAD = "templates/email/parts/masthead.html.j2"


def test_a_feature_of_an_own_template_is_told_with_its_file_line_and_column(tmp_path: Path) -> None:
    text = '<p style="margin:0">Larkmeadow</p>\n' + f'<div style="display: flex">{COLUMNS}</div>\n' * 2
    (found,) = findings(tmp_path, {MASTHEAD: text})
    assert found.place.file.endswith(MASTHEAD)
    assert (found.place.line, found.place.column) == (2, 13)
    assert found.message.startswith(
        "`display: flex` (2 places) is unknown to mail programs of about 11 % of the readers"
    )
    assert "(classic Outlook on Windows)" in found.message
    assert f"caniemail.com, {TABLE.day:%Y-%m}" in found.message
    assert "[clients]" in found.fix


def test_a_style_that_was_written_into_elements_is_found_in_the_stylesheet(tmp_path: Path) -> None:
    style = ".h1{font-size:20px}\n.row{display:flex}\n"
    files = {MASTHEAD: f'<div class="row">{COLUMNS}</div>', "templates/email/style.css.j2": style}
    (found,) = findings(tmp_path, files)
    assert found.place.file.endswith("style.css.j2")
    assert (found.place.line, found.place.column) == (2, 6)


def test_an_image_is_told_at_the_authors_line(tmp_path: Path) -> None:
    body = "Walk.\n\n![The clinic](https://example.org/a.webp)\n\n![The garden](https://example.org/b.webp)\n"
    first, second = findings(tmp_path, {"issue.md": body})
    assert first.place.file.endswith("issue.md")
    assert second.place.line == first.place.line + 2
    assert "b.webp" in second.message


def test_declared_readers_decide(tmp_path: Path) -> None:
    files = {MASTHEAD: f'<div style="display:flex">{COLUMNS}</div>'}
    assert findings(tmp_path / "a", files | {"newsletter.toml": "[clients]\ngmail = 60\napple-mail = 40\n"}) == []
    (found,) = findings(tmp_path / "b", files | {"newsletter.toml": "[clients]\ngmail = 60\noutlook.windows = 40\n"})
    assert "40 % of the readers" in found.message
    assert "[clients]" not in found.fix


def test_what_we_know_is_old_a_year_and_a_half_after_it_was_published(tmp_path: Path) -> None:
    def said(folder: Path, day: date) -> list[str]:
        body = f"---\ntitle: Walking after a knee operation\ndate: {day}\n---\n\nWalk.\n"
        problems_of(folder, {})
        path = folder / "issues" / "walking" / "issue.md"
        path.write_text(body, "utf-8")
        found = prepare(load(folder, {}), path, datetime(2026, 11, 24, tzinfo=UTC)).problems
        return [f"{p.level.value} {p.place.line}" for p in found if p.code == "client-data-old"]

    assert said(tmp_path / "a", TABLE.day + timedelta(days=548)) == []
    assert said(tmp_path / "b", TABLE.day + timedelta(days=549)) == ["information 3"]


def test_a_table_of_the_workspace_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    found = [p for p in problems_of(tmp_path, {"caniemail.json": "{}"}) if p.code == "client-data-old"]
    assert [p.place.file for p in found] == [str(tmp_path / "caniemail.json")]
    assert "not a table of caniemail.com" in found[0].message


# readers


def test_without_a_word_nine_programs_count_alike() -> None:
    readers = audience({})
    assert readers.shares == pytest.approx(dict.fromkeys(sorted(USUAL), 1 / 9))
    assert not readers.declared
    assert set(USUAL) <= set(PROGRAMS)


def test_a_familys_share_is_divided_among_those_without_a_line_of_their_own() -> None:
    shares = audience({"apple-mail": 30, "outlook": 10, "outlook.windows": 60}).shares
    assert shares["apple-mail.ios"] == pytest.approx(0.15)
    assert shares["outlook.windows"] == pytest.approx(0.6)
    assert shares["outlook.ios"] == pytest.approx(0.02)
    assert sum(shares.values()) == pytest.approx(1)


@given(st.dictionaries(st.sampled_from([*FAMILIES, *PROGRAMS]), st.floats(0, 1e9, allow_nan=False), max_size=8))
def test_shares_are_always_one_together(declared: dict[str, float]) -> None:
    assert sum(audience(declared).shares.values()) == pytest.approx(1)


def test_programs_are_called_as_people_do() -> None:
    readers = audience({"gmail": 3, "outlook.windows": 1, "yahoo.ios": 1})
    programs = ("gmail.android", "gmail.desktop-webmail", "gmail.ios", "gmail.mobile-webmail", "yahoo.ios")
    assert programs_in_words(programs, readers) == "Yahoo Mail on iPhone and iPad, Gmail"
    assert in_words(["gmail.ios"], readers.shares) == "Gmail on iPhone and iPad"
    assert [percent(share) for share in (0, 0.004, 0.1, 1)] == ["0 %", "under 1 %", "10 %", "100 %"]


# the table


def test_the_shipped_table_is_in_the_short_form_and_of_our_programs() -> None:
    text = (ROOT / "newsletter" / "check" / "clients" / "data" / "caniemail.json").read_text("utf-8")
    assert TABLE.as_text() == text
    assert set(TABLE.programs) == set(PROGRAMS)
    assert f"| {TABLE.day} |" in (ROOT / "newsletter" / "check" / "clients" / "data" / "README.md").read_text("utf-8")


def test_of_the_published_form_the_last_version_of_each_program_counts() -> None:
    table = read_table(json.dumps(published(day="2027-01-31")))
    assert table.day == date(2027, 1, 31)
    assert table.letters("css-display-flex")["gmail.ios"] == "n"
    assert table.letters("css-display-flex")["gmx.ios"] == "-"
    assert read_table(table.as_text()) == table
    assert table.letters("no-such-feature") == {}


@pytest.mark.parametrize(
    "text",
    [
        "", "[]", "null", "{", '{"data": 1}', '{"features": {}}', "[" * 100_000,
        json.dumps(published() | {"last_update_date": "yesterday"}),
        json.dumps(published() | {"data": published()["data"][:20]}),
        json.dumps(published(letter="<script>")),
        json.dumps(published(slug="../x")),
        TABLE.as_text().replace('"date": "2', '"date": "x'),
        TABLE.as_text().replace('"programs": ["aol.android", ', '"programs": ['),
    ],
    ids=lambda text: text[:12],
)  # fmt: skip
def test_what_is_no_whole_table_is_refused(text: str) -> None:
    with pytest.raises(BadTable):
        read_table(text)


def test_the_newer_of_ours_and_the_workspaces_is_used(tmp_path: Path) -> None:
    own = tmp_path / "caniemail.json"
    assert table_for(tmp_path) == table_for(None) == TABLE
    own.write_text(read_table(json.dumps(published(day="2020-01-01"))).as_text())
    assert table_for(tmp_path) == TABLE
    newer = read_table(json.dumps(published(day="2099-01-01")))
    own.unlink()
    own.write_text(newer.as_text())
    assert table_for(tmp_path) == newer
    own.unlink()
    own.write_text("broken")
    assert table_for(tmp_path) == TABLE


def test_a_program_that_was_never_tried_counts_as_able() -> None:
    table = ClientTable(day=TABLE.day, programs=("gmail.ios",), titles={"x": "x"}, support={"x": "a"})
    found = support_of("x", table, audience({"gmail.ios": 3, "hey": 1}))
    assert (found.without, found.partly) == (0, 0.75)
