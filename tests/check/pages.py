"""Finished mails written by hand, for the rules that look at HTML: everything is right except what a test changes."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newsletter.check import Mail
from newsletter.model.disclaimer import Disclaimer
from newsletter.model.document import Paragraph, Text
from newsletter.model.issue import Issue
from newsletter.model.problem import Place
from newsletter.model.rendered import LINK_SLOTS, Context, Origins, Rendered, Slot
from newsletter.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from newsletter.check.rulebook import Rule
    from newsletter.model.document import Block
    from newsletter.model.problem import Problem
    from newsletter.model.rendered import Parts

AT = Place(file="issue.md", line=9, column=1)
PLACE = Place(file="issue.md", line=12, column=3)
SETTINGS = Settings.model_validate(
    {
        "newsletter": {"name": "Letters", "base_url": "https://news.example.org"},
        "sender": {"name": "Clinic", "address": "a@example.org", "postal_address": "12 Example Street, Springfield"},
    }
)
ADVICE = "This is no medical advice. Ask your physician before you act."
GENERAL = Disclaimer(
    id="general",
    language="en",
    title="Please note",
    version="1",
    effective_from=date(2026, 1, 1),
    effective_until=None,
    body=(Paragraph(content=(Text(text=ADVICE),), at=AT),),
    file="general.en.md",
)
WALK = "Walk a little every day, at first from one room to the next, then around the house and to the bakery."
BODY = f'<h1>Walking</h1><p id="p" class="text" style="font-size:16px">{WALK}</p>'
SMALL_PRINT = f'<p class="small" style="font-size:13px">{ADVICE}</p>'
ADDRESS = '<p class="fine" style="font-size:13px">12 Example Street, Springfield</p>'
#: the style of a page that is light and dark
BOTH = "<style>body{color:#222222;background-color:#ffffff}@media (prefers-color-scheme:dark){%s}</style>"
TEXT = f"Walking\n=======\n\n{WALK}\n\nPlease note\n\n{ADVICE}\n\n12 Example Street, Springfield\n"


def issue(*blocks: Block, language: str = "en") -> Issue:
    return Issue(
        slug="s",
        path=Path("issue.md"),
        title="Walking",
        subject=("Walking",),
        preheader=(),
        language=language,
        template="article",
        citation_style="american-medical-association",
        body=blocks or (Paragraph(content=(Text(text=WALK),), at=AT),),
    )


def mail(body: str = BODY, css: str = "", **changed: Any) -> Mail:
    """`html` and `text` are templates of the parts: `head`, `style`, `leave` and `text` replace single pieces of ours."""
    leave = changed.get("leave", '<p style="font-size:13px"><a class="leave" href="SLOT">Unsubscribe</a></p>')
    head = changed.get(
        "head",
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>Walking</title>',
    )
    style = changed.get("style", f"<style>{css}</style>")
    small_print = changed.get("small_print", SMALL_PRINT)
    html = (
        f'{changed.get("html", "<html lang=en>")}<head>{head}{style}</head><body style="background-color:#ffffff">'
        f"{changed.get('div', '<div lang=en>')}{body}{small_print}{changed.get('address', ADDRESS)}{leave}</div></body></html>"
    )
    before, _, after = html.partition("SLOT")
    slots = [Slot(name=name, context=Context.URL) for name in LINK_SLOTS]
    parts: Parts = (before, slots[0], after, *slots[1:]) if after else (before, *slots[1:])
    rendered = Rendered(
        subject=("Walking",),
        preheader=(),
        html=parts,
        text=(changed.get("text", TEXT), *slots),
        from_name="Clinic",
        from_address="a@example.org",
        reply_to="",
        language="en",
    )
    start = html.index(body)
    return Mail(
        issue=changed.get("issue", issue()),
        rendered=rendered,
        origins=Origins(marks=((start, AT), (start + body.find(changed.get("marked", "<p")), PLACE))),
        disclaimers=(GENERAL,),
        references=(),
        settings=SETTINGS,
    )


def found(rules: Iterable[Rule[Any]], subject: object) -> list[Problem]:
    return [problem for rule in rules for problem in rule(subject)]


def codes(rules: Iterable[Rule[Any]], subject: object) -> set[str]:
    return {problem.code for problem in found(rules, subject)}
