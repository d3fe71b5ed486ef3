"""What readers must be able to see and read: disclaimers, postal address and the way to leave in every view; sizes and capitals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from newsletter.check.rulebook import Content
from newsletter.check.seen import legible, shown, text_order
from newsletter.model.document import List, ListItem, Paragraph, Strong, Text, TypedBlock
from newsletter.model.problem import Level
from tests.check.pages import (
    ADDRESS,
    ADVICE,
    AT,
    BODY,
    BOTH,
    PLACE,
    SETTINGS,
    SMALL_PRINT,
    TEXT,
    WALK,
    codes,
    found,
    issue,
    mail,
)

if TYPE_CHECKING:
    from newsletter.model.document import Block

RULES = [rule for rule in (*legible.RULES, *shown.RULES, *text_order.RULES) if rule.scope == "mail"]

HIDING = [
    "display:none",
    "visibility:hidden",
    "visibility:collapse",
    "opacity:0",
    "opacity:.01",
    "opacity:0%",
    "filter:opacity(0)",
    "font-size:0 !important",
    "font-size:1px !important",
    "height:0;overflow:hidden",
    "height:1px;overflow:hidden scroll",
    "max-height:0",
    "max-height:0;overflow:hidden",
    "max-width:0;overflow-x:clip",
    "width:0px;overflow:hidden",
    "text-indent:-9999px",
    "position:absolute;left:-9999px",
    "position:fixed;top:-100vh;right:-200em",
    "margin-left:-9999px",
    "margin:0 0 0 -9999px",
    "clip:rect(0 0 0 0);position:absolute",
    "clip:rect(0px,0px,0px,0px);position:absolute",
    "clip-path:inset(50%)",
    "transform:scale(0)",
    "transform:translateX(-9999px)",
    "content-visibility:hidden",
    "mso-hide:all",
    "color:#ffffff",
    "color:#fefefe",
    "color:transparent",
    "color:rgba(0,0,0,0.02)",
    "-webkit-text-fill-color:transparent",
    "color:#222222;background-color:#222222",
]
#: what looks similar and hides nothing
SHOWING = [
    "display:block",
    "opacity:1",
    "opacity:none",
    "height:0",
    "overflow:hidden",
    "max-height:300px;overflow:hidden",
    "text-indent:-20px",
    "left:-9999px",
    "position:relative;left:-4px",
    "clip:rect(0,0,0,0)",
    "clip-path:inset(0)",
    "transform:scale(0.98)",
    "transform:none",
    "color:#222222",
    "margin-left:-4px",
    "width:0",
]


def test_a_right_mail_is_silent() -> None:
    assert found(RULES, mail()) == []


@pytest.mark.parametrize("style", HIDING)
def test_a_disclaimer_that_a_style_hides_is_not_shown(style: str) -> None:
    problems = found(RULES, mail(css=f".small{{{style}}}"))
    assert [problem.code for problem in problems] == ["disclaimer-not-shown"] * 2
    assert all("it is hidden by" in problem.message for problem in problems)


@pytest.mark.parametrize("style", HIDING)
def test_it_is_not_shown_where_something_around_it_is_hidden(style: str) -> None:
    around = SMALL_PRINT.replace("<p", f'<div style="{style.replace(" !important", "")}"><p', 1) + "</div>"
    if "font-size" in style:  # a paragraph with a size of its own does not inherit it
        assert found(RULES, mail(small_print=around)) == []
    else:
        assert codes(RULES, mail(small_print=around)) == {"disclaimer-not-shown"}


@pytest.mark.parametrize("style", SHOWING)
def test_what_hides_nothing_is_silent(style: str) -> None:
    assert found(RULES, mail(css=f".small{{{style}}}")) == []


@pytest.mark.parametrize(
    ("media", "words"),
    [
        ("(max-width:480px)", "on a phone"),
        ("only screen and (max-width:599px)", "on a phone"),
        ("(min-width:500px) and (max-width:900px)", "in a window of 500 pixels"),
        ("(min-width:1000px)", ""),
        ("(prefers-color-scheme:dark)", "in dark mode"),
        ("(prefers-color-scheme:dark) and (max-width:480px)", "on a phone in dark mode"),
    ],
)
def test_one_view_in_which_it_is_hidden_is_enough(media: str, words: str) -> None:
    problems = found(RULES, mail(css=f"@media {media}{{.small{{display:none}}}}"))
    assert {problem.code for problem in problems} == {"disclaimer-not-shown"}
    assert all(f"`general`{f' {words}' if words else ''} (it is hidden by display:none)" in p.message for p in problems)


def test_print_and_other_mail_programs_do_not_count() -> None:
    css = "@media print{.small{display:none}}[data-ogsc] .small{display:none}.moz-text-html .small{display:none}"
    assert found(RULES, mail(css=css)) == []


def test_one_form_for_phones_and_one_for_desks_are_enough() -> None:
    css = ".phone{display:none}@media (max-width:480px){.phone{display:block}.desk{display:none}}"
    both = "".join(f'<div class="{name}">{SMALL_PRINT}</div>' for name in ("phone", "desk"))
    assert found(RULES, mail(css=css, small_print=both)) == []


def test_a_visible_child_of_an_invisible_parent_is_seen() -> None:
    around = f'<div style="visibility:hidden">{SMALL_PRINT.replace("13px", "13px;visibility:visible")}</div>'
    assert found(RULES, mail(small_print=around)) == []


def test_columns_without_a_gap_by_a_size_of_zero_are_seen() -> None:
    assert found(RULES, mail(small_print=f'<div style="font-size:0">{SMALL_PRINT}</div>')) == []


def test_letters_of_the_colour_of_the_dark_ground_hide_it_at_night() -> None:
    dark = "body,div{background-color:#222222 !important}h1,.text,.fine,a{color:#ffffff}"
    problems = found(RULES, mail(style=BOTH % dark))
    assert {problem.code for problem in problems} == {"disclaimer-not-shown"}
    assert "in dark mode (it is hidden by #222222 on #222222)" in problems[0].message


@pytest.mark.parametrize(
    "css",
    [
        ".small{font-size:12px !important}",
        ".small{font-size:.75em !important}",
        ".small{font:12px/1.4 Arial !important}",
        ".small{font-size:x-small !important}div{font-size:10px}.small{font-size:110% !important}",
        "@media (max-width:480px){.small{font-size:11px !important}}",
        "@media (prefers-color-scheme:dark){.small{font-size:9pt !important}}",
    ],
)
def test_a_disclaimer_in_small_print_is_told_in_whatever_view(css: str) -> None:
    assert codes(RULES, mail(css=css)) == {"disclaimer-too-small"}


# -- the way to leave, and the postal address


@pytest.mark.parametrize("style", HIDING)
def test_a_hidden_link_to_leave_is_told(style: str) -> None:
    assert "unsubscribe-not-shown" in codes(
        RULES, mail(css=f".leave{{{style};font-size:13px}}" if "font" not in style else f".leave{{{style}}}")
    )


@pytest.mark.parametrize(
    ("leave", "is_told"),
    [
        ('<p style="font-size:13px"><a href="SLOT"> </a></p>', True),
        ('<p style="font-size:6px"><a href="SLOT">Unsubscribe</a></p>', True),
        ('<p><a href="SLOT"><img src="https://example.org/x.png" width="9" alt=""></a></p>', True),
        ('<p><a href="SLOT"><img src="https://example.org/x.png" width="9" alt="Unsubscribe"></a></p>', False),
        ('<p style="font-size:13px;color:#555555"><a href="SLOT">Unsubscribe</a></p>', False),
        ('<p style="font-size:13px"><a hidden href="SLOT">a</a> <b>x</b></p>', True),
    ],
)
def test_the_way_to_leave_must_be_found(leave: str, is_told: bool) -> None:
    assert ("unsubscribe-not-shown" in codes(RULES, mail(leave=leave))) is is_told


def test_the_postal_address_must_be_seen_in_every_view() -> None:
    (problem,) = found(RULES, mail(css="@media (max-width:480px){.fine{display:none}}"))
    assert problem.code == "postal-address-not-shown"
    assert problem.message.endswith("on a phone")
    assert codes(RULES, mail(address=ADDRESS.replace("12 Example", "Example"))) == {"postal-address-not-shown"}
    assert found(RULES, mail(address=ADDRESS.replace(", ", "<br>"))) == []


# -- the text part


def test_a_disclaimer_after_an_empty_screen_is_out_of_place() -> None:
    (problem,) = found(RULES, mail(text=TEXT.replace("Please note", "\n" * 200 + "Please note")))
    assert problem.code == "disclaimer-out-of-place"
    assert found(RULES, mail(text=TEXT.replace("Please note", "\n" * 5 + "Please note"))) == []


def test_a_disclaimer_before_the_text_is_out_of_place() -> None:
    (problem,) = found(RULES, mail(text=f"{ADVICE}\n\n{TEXT.replace(ADVICE, '')}"))
    assert (problem.code, problem.level) == ("disclaimer-out-of-place", Level.WARNING)


def test_a_disclaimer_cut_short_is_not_shown_in_the_text() -> None:
    assert codes(RULES, mail(text=TEXT.replace("before you act", "before"))) == {"disclaimer-not-shown"}


# -- letters


@pytest.mark.parametrize(
    ("css", "level"),
    [
        (".text{font-size:12px !important}", Level.WARNING),
        (".text{font-size:13px !important}", Level.INFORMATION),
        (".text{font-size:14px !important}", None),
        ("@media (max-width:480px){.text{font-size:10px !important}}", Level.WARNING),
        (".text{font-size:1px !important}", None),  # hidden, not small
    ],
)
def test_small_text_is_told_where_it_stands(css: str, level: Level | None) -> None:
    problems = found(RULES, mail(BODY.replace(WALK, f"{WALK} Rest when it hurts, and call us."), css=css))
    assert [(p.code, p.level, p.place) for p in problems] == ([("text-small", level, PLACE)] if level else [])


def test_footnote_numbers_may_be_small() -> None:
    assert found(RULES, mail(BODY.replace(WALK, f'{WALK}<sup style="font-size:11px"><a href="#r">12</a></sup>'))) == []
    assert codes(RULES, mail(BODY.replace(WALK, f'{WALK}<b style="font-size:11px">small</b>'))) == {"text-small"}


def test_justified_lines_are_told_once() -> None:
    body = BODY + BODY.replace("h1", "h2")
    (problem,) = found(RULES, mail(body, css=".text{text-align:justify}"))
    assert (problem.code, problem.level) == ("text-justified", Level.INFORMATION)


def content(*blocks: Block) -> Content:
    made = issue(*blocks)
    return Content(issue=made, whole=made, references=(), settings=SETTINGS, source="")


def paragraph(text: str, *, bold: bool = False) -> Paragraph:
    words = Text(text=text)
    return Paragraph(content=(Strong(content=(words,)),) if bold else (words,), at=AT)


@pytest.mark.parametrize(
    ("text", "is_told"),
    [
        ("PLEASE CALL US BEFORE YOU COME TO THE CLINIC.", True),
        ("Please call us before you come to the clinic.", False),
        ("WHO, MRI, CT, ECG, PRP.", False),
        ("CALL US", False),
        ("רוב האנשים הולכים בלי מקל אחרי MRI ו־CT תוך שישה שבועות", False),
    ],
)
def test_paragraphs_in_capitals(text: str, is_told: bool) -> None:
    assert bool(found([legible.paragraphs_are_not_shouted], content(paragraph(text)))) is is_told


@pytest.mark.parametrize(
    ("text", "is_told"),
    [
        ("What to bring", True),
        ("What to bring:", True),
        ("Bring shoes.", False),
        ("Is it far?", False),
        ("2026", False),
    ],
)
def test_a_bold_line_before_text_looks_like_a_heading(text: str, is_told: bool) -> None:
    rules = [legible.headings_are_written_as_headings]
    line = paragraph(text, bold=True)
    bullets = List(items=(ListItem(blocks=(paragraph("shoes"),), at=AT),), at=AT)
    for after in (paragraph("Comfortable shoes."), bullets):
        assert bool(found(rules, content(line, after))) is is_told
    assert found(rules, content(paragraph("Comfortable shoes."), line)) == []
    note = TypedBlock(name="callout", attributes={}, blocks=(line, paragraph("Shoes.")), at=AT)
    column = TypedBlock(name="column", attributes={}, blocks=(line, paragraph("Shoes.")), at=AT)
    assert found(rules, content(note)) == []
    assert bool(found(rules, content(column))) is is_told
