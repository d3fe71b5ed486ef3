"""The rules about a rendered mail: a complete one passes, and each part taken away is noticed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from newsletter.check.finished import output, size
from newsletter.check.page import read_page
from newsletter.check.seen import shown
from newsletter.model.disclaimer import Disclaimer
from newsletter.model.document import Citation, CitationItem, Paragraph, Text
from newsletter.model.issue import Issue
from newsletter.model.problem import Level, Place
from newsletter.model.reference import Reference
from newsletter.model.rendered import Context, Origins, Rendered, Slot
from newsletter.settings import Settings
from tests.check.checking import check_rendered

if TYPE_CHECKING:
    from newsletter.model.problem import Problem
    from newsletter.model.rendered import Parts

#: what these mails lack besides, such as a language, is told by other families
FAMILIES = (*output.RULES, *shown.RULES, *size.RULES)
AT = Place(file="issue.md", line=9, column=1)
LINK_PLACE = Place(file="issue.md", line=12, column=3)
SETTINGS = Settings.model_validate(
    {
        "newsletter": {"name": "Letters", "base_url": "https://news.example.org"},
        "sender": {"name": "Clinic", "address": "a@example.org", "postal_address": "12 Example Street, Springfield"},
    }
)
ISSUE = Issue(
    slug="s",
    path=Path("issue.md"),
    title="Hips",
    subject=("Hips",),
    preheader=(),
    language="en",
    template="article",
    citation_style="american-medical-association",
    body=(Paragraph(content=(Text(text="Braces: {{ like these }}."),), at=AT),),
)
GENERAL = Disclaimer(
    id="general",
    language="en",
    title="Please note",
    version="1",
    effective_from=date(2026, 1, 1),
    effective_until=None,
    body=(Paragraph(content=(Text(text="This is no medical advice. Ask your physician\nbefore you act."),), at=AT),),
    file="general.en.md",
)
LINKS = ("unsubscribe_url", "preferences_url", "view_url")

HEAD = (
    '<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>t</title>'
    '<style>.a{color:red}</style></head><body>\n<div lang="en"><h1>Hips</h1><a href="'
)
BODY = (
    '<p>Braces: {{ like <em>these</em> }}. <a id="here" href="https://example.org/a?x=1&amp;y=2">Here</a></p>\n'
    '<p><a id="ref-1" name="ref-1"></a>1. A &amp; B</p>\n'
    '<p style="font-size:13px">This is <em>no</em> medical advice. Ask your physician before you\n act.</p>\n'
    "<p>12 Example Street<br>Springfield</p></body></html>"
)
TEXT = (
    "Braces: {{ like\n*these* }}. Here <https://example.org/a?x=1&y=2>\n\nReferences\n\n 1. A & B\n\n"
    "This is no medical\nadvice. Ask your physician before you act.\n\n12 Example Street, Springfield\n"
)


def slots(context: Context) -> tuple[Slot, ...]:
    return tuple(Slot(name=name, context=context) for name in LINKS)


def mail(html: str = BODY, text: str = TEXT) -> Rendered:
    one, two, three = slots(Context.URL)
    return Rendered(
        subject=("Hips for ", Slot(name="first_name", context=Context.HEADER, fallback="{{")),
        preheader=(),
        html=(HEAD, one, '">out</a><a href="', two, '">p</a><a href="', three, '">v</a>', html),
        text=(text, *slots(Context.TEXT_URL)),
        from_name="Clinic",
        from_address="a@example.org",
        reply_to="",
        language="en",
        references=("k",),
    )


def check(rendered: Rendered, origins: Origins | None = None) -> list[Problem]:
    return check_rendered(ISSUE, rendered, origins or Origins(marks=()), (GENERAL,), SETTINGS, rules=FAMILIES)


def codes(rendered: Rendered) -> list[str]:
    assert all(problem.level is Level.ERROR for problem in check(rendered))
    return [problem.code for problem in check(rendered)]


def test_a_complete_mail_has_no_problem() -> None:
    assert check(mail()) == []


def test_a_heavy_mail_and_one_that_gmail_would_cut_are_warnings() -> None:
    at_length = [(p.code, p.level) for kb in (70, 80, 103) for p in check(mail(html=BODY + "x" * 1024 * kb))]
    assert at_length == [("mail-heavy", Level.WARNING), ("gmail-clip", Level.WARNING)]


@pytest.mark.parametrize("left", ["{{ url }}", "{% if x %}", '<a href="{{url}}">x</a>'])
def test_template_syntax_that_nobody_wrote_is_an_error(left: str) -> None:
    assert codes(mail(html=BODY + left)) == ["template-syntax-left"]
    assert codes(mail(text=TEXT + "{{ url }}")) == ["template-syntax-left"]
    assert codes(replace(mail(), subject=("{{ first_name }}",))) == ["template-syntax-left"]


def test_braces_in_a_cited_title_are_no_leftovers() -> None:
    rendered = mail(html=BODY + "<p>On {{ DNA }}</p>")
    assert codes(rendered) == ["template-syntax-left"]
    reference = Reference(key="k", csl={"title": "On {{ DNA }}"}, at=AT)
    issue = replace(ISSUE, body=(*ISSUE.body, Paragraph(content=(citation("k"),), at=AT)))
    assert check_rendered(issue, rendered, Origins(marks=()), (), SETTINGS, (reference,), rules=FAMILIES) == []


def citation(key: str) -> Citation:
    return Citation(items=(CitationItem(key=key, at=AT),), at=AT)


@pytest.mark.parametrize("name", LINKS)
def test_each_link_slot_must_be_in_both_parts(name: str) -> None:
    def without(parts: Parts) -> Parts:
        return tuple(part for part in parts if not (isinstance(part, Slot) and part.name == name))

    assert codes(replace(mail(), html=without(mail().html))) == ["link-slot-missing"]
    assert codes(replace(mail(), text=without(mail().text))) == ["link-slot-missing"]


def test_a_sentence_of_a_disclaimer_that_is_missing_is_an_error() -> None:
    assert codes(mail(html=BODY.replace("Ask your physician", "Ask"))) == ["disclaimer-not-shown"]
    assert codes(mail(text=TEXT.replace("advice", "guide"))) == ["disclaimer-not-shown"]


@pytest.mark.parametrize("style", ["display:none", "font-size: 0;", "max-height:0", "visibility:hidden", "opacity:0"])
def test_a_hidden_disclaimer_is_not_shown(style: str) -> None:
    hidden = BODY.replace("font-size:13px", style)
    assert codes(mail(html=hidden)) == ["disclaimer-not-shown"] * 2


def test_a_disclaimer_within_a_comment_is_not_shown() -> None:
    hidden = BODY.replace('<p style="font-size:13px">', "<!--[if mso]>").replace("act.</p>", "act.<![endif]-->")
    assert codes(mail(html=hidden)) == ["disclaimer-not-shown"] * 2


def test_a_disclaimer_in_small_print_is_an_error() -> None:
    assert codes(mail(html=BODY.replace("13px", "12.5px"))) == ["disclaimer-too-small"]
    assert codes(mail(html=BODY.replace("13px", "16px"))) == []


def test_the_postal_address_must_be_in_both_parts() -> None:
    assert codes(mail(html=BODY.replace("12 Example Street", ""))) == ["postal-address-not-shown"]
    assert codes(mail(text=TEXT.replace("12 Example Street", ""))) == ["postal-address-not-shown"]


def test_every_reference_must_be_in_both_parts() -> None:
    assert codes(mail(html=BODY.replace('id="ref-1"', ""))) == ["reference-not-shown"]
    assert codes(mail(text=TEXT.replace(" 1. A", " A"))) == ["reference-not-shown"]


def test_every_link_of_the_html_must_be_in_the_text_as_a_whole() -> None:
    assert codes(mail(text=TEXT.replace("x=1&y=2", "x=1&y=23"))) == ["link-not-in-text"]
    assert codes(mail(text=TEXT.replace("<https://example.org/a?x=1&y=2>", ""))) == ["link-not-in-text"]


def test_a_finding_in_the_html_points_at_the_authors_line() -> None:
    rendered = mail(text=TEXT.replace("<https://example.org/a?x=1&y=2>", ""))
    static = "".join(part for part in rendered.html if isinstance(part, str))
    marks = ((static.index("<p>Braces"), AT), (static.index('<a id="here"'), LINK_PLACE), (static.index("<p><a"), AT))
    assert [problem.place for problem in check(rendered, Origins(marks=marks))] == [LINK_PLACE]


def test_what_is_hidden_ends_with_its_element() -> None:
    page = read_page('<div style="display:none">a<br><img src="x">b</div>c<p hidden>d</p><p>e')
    assert "".join(shown.text for shown in page.shown) == "ce"


@pytest.mark.parametrize("size", ["9pt", "0.8em", "80%", ".8rem"])
def test_small_print_is_small_in_any_unit(size: str) -> None:
    small = check(mail(html=BODY.replace("font-size:13px", f"font-size:{size}")))
    assert [problem.code for problem in small if problem.level is Level.ERROR] == ["disclaimer-too-small"]
    assert codes(mail(html=BODY.replace("font-size:13px", "font-size:10pt"))) == []


def test_braces_at_the_end_of_a_title_are_the_authors() -> None:
    body = BODY.replace("<p>Braces", '<p title="Braces {{" lang="en">Braces')
    issue = replace(ISSUE, title="Braces {{")
    text = TEXT.replace("Braces:", "Braces {{\n===\nBraces:")
    assert (
        check_rendered(issue, mail(html=body, text=text), Origins(marks=()), (GENERAL,), SETTINGS, rules=FAMILIES) == []
    )
