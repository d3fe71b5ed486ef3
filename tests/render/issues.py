"""Issues built from the model, for the tests of rendering: one with everything in it, and short ones."""

from __future__ import annotations

import io
from datetime import date
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from PIL import Image as Pillow

from newsletter.model.disclaimer import Disclaimer
from newsletter.model.document import (
    Align,
    BlockQuote,
    Citation,
    CitationItem,
    Code,
    CodeBlock,
    Divider,
    Emphasis,
    Heading,
    Image,
    LineBreak,
    Link,
    List,
    ListItem,
    MergeTag,
    Paragraph,
    Strong,
    Table,
    Text,
    TypedBlock,
)
from newsletter.model.issue import Issue
from newsletter.model.problem import Place
from newsletter.model.reference import Entry, Run
from newsletter.render import render
from newsletter.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from newsletter.model.document import Block, Blocks, Inline, Inlines, Words
    from newsletter.render import Rendering

ZONE = ZoneInfo("America/Los_Angeles")
VALUES = {
    "first_name": "Ana",
    "unsubscribe_url": "https://news.example.org/u/AbCdEf0123456789",
    "preferences_url": "https://news.example.org/p/AbCdEf0123456789",
    "view_url": "https://news.example.org/v/AbCdEf0123456789",
}


def at(line: int) -> Place:
    return Place(file="issue.md", line=line, column=1)


def settings(**sections: Any) -> Settings:
    base: dict[str, Any] = {
        "newsletter": {"name": "Larkmeadow Letters", "base_url": "https://news.example.org"},
        "sender": {
            "name": "Larkmeadow Joint Clinic",
            "address": "letters@example.org",
            "reply_to": "ask@example.org",
            "organisation": "Larkmeadow Joint Clinic",
            "tagline": "Care for joints, explained",
            "postal_address": "12 Example Street, Springfield, CA 90001",
            "phone": "213-555-0142",
            "website": "https://example.org",
        },
    }
    return Settings.model_validate(base | sections)


def inlines(*content: str | Inline) -> Inlines:
    return tuple(Text(text=piece) if isinstance(piece, str) else piece for piece in content)


def paragraph(*content: str | Inline, line: int = 1) -> Paragraph:
    return Paragraph(content=inlines(*content), at=at(line))


def heading(text: str, line: int = 1, level: int = 2) -> Heading:
    return Heading(level=level, content=inlines(text), anchor=text.lower().replace(" ", "-"), at=at(line))


def cite(*keys: str, in_text: bool = False, suffix: str = "", prefix: str = "") -> Citation:
    items = [CitationItem(key=key, at=at(1)) for key in keys]
    items[0] = CitationItem(key=keys[0], at=at(1), prefix=prefix, suffix=suffix)
    return Citation(items=tuple(items), at=at(1), in_text=in_text)


def link(text: str, *target: str | MergeTag, line: int = 1) -> Link:
    return Link(target=target, content=inlines(text), at=at(line))


def tag(name: str = "first_name", fallback: str | None = "reader") -> MergeTag:
    return MergeTag(name=name, fallback=fallback, at=at(1))


def bullets(*items: Sequence[Block], start: int | None = None, tight: bool = True, line: int = 1) -> List:
    made = tuple(ListItem(blocks=tuple(item), at=at(line)) for item in items)
    return List(items=made, at=at(line), start=start, tight=tight)


def typed(name: str, /, *blocks: Block, line: int = 1, **attributes: Any) -> TypedBlock:
    given: dict[str, Words] = {key: (value,) if isinstance(value, str) else value for key, value in attributes.items()}
    return TypedBlock(name=name, attributes=given, blocks=blocks, at=at(line))


def entries(count: int = 10) -> tuple[Entry, ...]:
    return tuple(_entry(number) for number in range(1, count + 1))


def _entry(number: int) -> Entry:
    runs = (
        Run(text="Fouilleron N, Amstutz H, Le Duff MJ. Walking after hip resurfacing: a registry study of outcomes. "),
        Run(text="J Example Orthop", italic=True),
        Run(text=f". 20{10 + number};{number}(3):889-894."),
    )
    url = "https://pubmed.ncbi.nlm.nih.gov/1234567/" if number == 2 else f"https://doi.org/10.1302/example.{number}"
    return Entry(key=f"ref{number}", number=number, runs=runs, url=url, authors="Fouilleron et al")


def disclaimer(name: str = "general", title: str = "Education, not medical advice") -> Disclaimer:
    words = (
        "This newsletter is written for general education. It is not medical advice, and reading it does not make you "
        "our patient. Please talk to a qualified health professional before you start or stop any treatment. "
    )
    body = (paragraph(words * 2),)
    day = date(2026, 1, 1)
    return Disclaimer(
        id=name, language="en", title=title, version="1", effective_from=day, effective_until=None, body=body,
        file=f"{name}.en.md",
    )  # fmt: skip


def issue(*body: Block, folder: Path, **keys: Any) -> Issue:
    given: dict[str, Any] = {
        "slug": "sample",
        "path": folder / "issue.md",
        "title": "A title",
        "subject": ("A subject",),
        "preheader": (),
        "language": "en",
        "template": "article",
        "citation_style": "american-medical-association",
        "body": body,
    }
    return Issue(**(given | keys))


def rendering(*body: Block, folder: Path, **keys: Any) -> Rendering:
    """A short issue, rendered; `references`, `disclaimers`, `settings`, `folders`, `home` are rendering's, other keys the issue's."""
    references = keys.pop("references", ())
    disclaimers = keys.pop("disclaimers", ())
    workspace = keys.pop("settings", settings())
    folders = keys.pop("folders", ())
    home = keys.pop("home", folder)
    made = issue(*body, folder=folder, **keys)
    return render(
        made,
        entries=references,
        disclaimers=disclaimers,
        settings=workspace,
        source="the source",
        template_folders=folders,
        folder=home,
    )


def save_image(path: Path, size: tuple[int, int] = (1200, 500), form: str = "PNG") -> None:
    picture = Pillow.new("RGB", size, "#0b6e4f")
    for row in range(0, size[1], 10):
        picture.paste((40, 100 + row % 120, 90), (0, row, size[0], row + 5))
    content = io.BytesIO()
    picture.save(content, form)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.getvalue())


def everything(folder: Path, **keys: Any) -> Rendering:
    """The issue that has every block, inline and slot."""
    save_image(folder / "knee.png")
    return rendering(
        *BODY,
        folder=folder,
        **{
            "title": "Walking again after a new hip: what the first six months look like",
            "subject": ("Your hip, ", tag(), ": the first six months"),
            "preheader": ("What to expect week by week, ", tag(), ", and when to call us."),
            "authors": ("Dr. Mara Lind", "Jo Okafor"),
            "date": date(2026, 12, 1),
            "references": entries(),
            "disclaimers": (
                disclaimer(),
                disclaimer("emergency", "In an emergency"),
                disclaimer("no-guarantee", "No guarantee of results"),
                disclaimer("delivery", "If a mail does not arrive"),
            ),
        }
        | keys,
    )


_LONG = (
    "Most people walk without a stick within six weeks, and most of them walk further than before the operation within "
    "three months. The muscles around the joint need that time, since they were weak before. "
)


def _cells(*rows: tuple[str, ...]) -> tuple[tuple[Inlines, ...], ...]:
    return tuple(tuple(inlines(cell) for cell in row) for row in rows)


_WALKING = link("our guide to walking", "https://example.org/walking?a=1&b=2", line=17)
_ADDRESS = link("ask@example.org", "mailto:ask@example.org", line=17)
_SHOPPING = bullets([paragraph("socks and shoes")], [paragraph("shopping")])
_CALL = "Call us at once if the leg swells, if you have a fever, or if the pain gets worse "
_ALT = "A chart of steps per day: rising from 1,000 to 8,000"
_BREAD = "I had forgotten that one can walk to the bakery and think of nothing but bread."
_ROWS = _cells(("2", "1,800", "12 %"), ("6", "4,500", "71 %"), ("24", "8,100", "96 %"))

BODY: Blocks = (
    paragraph("Dear ", tag(), ",", line=10),
    paragraph(
        _LONG,
        "Three studies agree on this ",
        cite("ref1", "ref2", "ref3"),
        ". One found more ",
        cite("ref4", suffix="p. 4"),
        ".",
        line=12,
    ),
    heading("The first weeks", line=14),
    paragraph(
        cite("ref5", in_text=True),
        " looked at ",
        Strong(content=inlines("2,140 patients")),
        " and at ",
        Emphasis(content=inlines("how they felt")),
        "; read ",
        _WALKING,
        " or write to ",
        _ADDRESS,
        ".",
        line=16,
    ),
    bullets(
        [paragraph("Walk every day, a little more each time.")],
        [paragraph("Rest when it hurts; use ", Code(text="ice"), ".")],
        [paragraph("Ask for help with:"), _SHOPPING],
        line=18,
    ),
    typed("callout", paragraph(_CALL, cite("ref6"), "."), line=20, title="When to call", style="warning"),
    typed("figure", paragraph("Steps per day."), line=24, src="knee.png", alt=_ALT, credit="Larkmeadow Joint Clinic"),
    heading("What the numbers say", line=28),
    paragraph("An honest table says more than a promise.", line=29),
    Table(
        header=_cells(("Week", "Steps a day", "Without a stick"))[0],
        rows=_ROWS,
        align=(None, Align.RIGHT, Align.CENTER),
        at=at(30),
    ),
    typed("quote", paragraph(_BREAD), line=36, attribution="A reader, 61", href="https://example.org/stories"),
    heading("What you can do", line=40, level=3),
    bullets(
        [paragraph("Plan the rooms that you need.")],
        [paragraph("Practise with the stick ", cite("ref7", "ref8", "ref9", "ref10"), ".")],
        start=1,
        tight=False,
        line=41,
    ),
    typed("callout", paragraph("Our walking group meets every Tuesday."), line=44, title="Walk with us", style="note"),
    typed("button", paragraph("Book a visit"), line=48, href=("https://example.org/book?for=", tag()), style="primary"),
    typed("button", paragraph("Read the whole study"), line=51, href="https://example.org/study", style="secondary"),
    Divider(at=at(54)),
    BlockQuote(blocks=(paragraph("A quotation of two lines", LineBreak(), "from an old book."),), at=at(56)),
    CodeBlock(text="steps = 1000\nfor week in range(24):\n    steps += 300\n", at=at(59)),
    paragraph("And a small picture: ", Image(source=("knee.png",), alt="stripes", at=at(63)), line=63),
    paragraph("Your page: ", link("your own plan", tag("plan_url", "https://example.org/plan"), "/start"), line=65),
)
