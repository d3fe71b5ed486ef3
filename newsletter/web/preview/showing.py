"""What a page asks for -> what it shows of an edition: the mail, its text and source, its inbox rows, its problems.

Runs in a thread: filling, emulating and quoting a long mail takes some milliseconds.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from newsletter.compose.links import delivery_links, pictures_url
from newsletter.compose.slots import fill
from newsletter.model.inbox_rows import inbox_rows
from newsletter.model.variants import readers_in_words
from newsletter.web.preview.cards import cards
from newsletter.web.preview.emulation import VIEWS, emulate
from newsletter.web.preview.marks import blocks_of, marked, spot_of
from newsletter.web.preview.readers import NOBODY

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from newsletter.check.finished.size import SizeGauge
    from newsletter.model.inbox_rows import InboxRow
    from newsletter.model.rendered import Rendered
    from newsletter.web.preview.board import Shown
    from newsletter.web.preview.cards import Card
    from newsletter.web.preview.making import Edition
    from newsletter.web.preview.marks import Blocks
    from newsletter.web.preview.readers import Reader, Readers

#: what stands for the token in a reader's links: they lead nowhere
_NO_TOKEN = "preview"  # noqa: S105 - on purpose no token
_WEB_LINK = re.compile(r'<a\b(?=[^>]*\shref="https?:)', re.IGNORECASE)
_WEB_IMAGE = re.compile(r"""(?:\b(?:src|background)="|url\(["']?)(https?:[^"')\s]+)""", re.IGNORECASE)
_NEW_TAB = '<a target="_blank" rel="noopener noreferrer"'
_KNOWN_VIEWS = frozenset(view.name for view in VIEWS)


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What a page's address asks for. `variant` None is the one that the reader gets."""

    variant: str | None = None
    reader: str = ""
    views: tuple[str, ...] = ()
    #: whether images may be loaded from the web
    web: bool = False


def wish_of(query: Mapping[str, str]) -> Wish:
    """What is unknown is left out."""
    views = tuple(dict.fromkeys(name for name in query.get("views", "").split(",") if name in _KNOWN_VIEWS))
    return Wish(
        variant=query.get("variant"), reader=query.get("reader", "")[:64], views=views, web=query.get("web") == "1"
    )


@dataclass(frozen=True, kw_only=True)
class Mail:
    """One version of the mail. `html` is the preview's copy for a frame, `source` what is sent."""

    rendered: Rendered
    html: str
    source: str
    text: str
    subject: str
    preheader: str
    inbox: Sequence[InboxRow]
    size: SizeGauge
    #: whether it shows images that lie on the web
    elsewhere: bool


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A variant that can be chosen."""

    name: str
    words: str
    chosen: bool


@dataclass(frozen=True, kw_only=True)
class Showing:
    """Everything on an issue's page. `mail` is None where nothing could ever be rendered."""

    slug: str
    title: str
    date: str
    shown: Shown
    wish: Wish
    mail: Mail | None
    cards: Sequence[Card]
    variants: Sequence[Choice]
    reader: Reader
    #: why the reader's own variant is not shown
    note: str = ""


def showing(slug: str, shown: Shown, wish: Wish, readers: Readers, folder: Path) -> Showing:
    edition = shown.edition
    if edition is None or not edition.prepared.variants:
        told = cards(shown.problems, folder)
        return Showing(
            slug=slug, title=slug, date="", shown=shown, wish=wish, mail=None, cards=told, variants=(), reader=NOBODY
        )
    prepared, issue = edition.prepared, edition.prepared.issue
    reader = readers.get(edition.workspace, wish.reader)
    own, note = readers.variant_for(edition, reader)
    rendered = next((one for one in prepared.variants if one.variant == wish.variant), own)
    blocks = _blocks(edition)
    return Showing(
        slug=slug,
        title=issue.title if issue else slug,
        date=issue.date.isoformat() if issue and issue.date else "",
        shown=shown,
        wish=wish,
        mail=_mail(slug, edition, rendered, reader, wish),
        cards=cards(
            shown.problems, folder, lambda place: spot_of(place, issue, blocks, rendered.variant) if issue else None
        ),
        variants=tuple(_choice(one, rendered) for one in prepared.variants),
        reader=reader,
        note=note,
    )


def frame(slug: str, edition: Edition, wish: Wish, readers: Readers) -> str:
    """The preview's copy of the mail alone."""
    reader = readers.get(edition.workspace, wish.reader)
    own, _ = readers.variant_for(edition, reader)
    rendered = next((one for one in edition.prepared.variants if one.variant == wish.variant), own)
    return _for_frame(slug, edition, rendered, _values(edition, reader), wish.views)


def image_path(slug: str) -> str:
    """What stands before the name of an image in the preview."""
    return f"/issues/{quote(slug)}/images/"


def _blocks(edition: Edition) -> Blocks:
    prepared = edition.prepared
    names = (rendered.variant for rendered in prepared.variants)
    return blocks_of(dict(zip(names, prepared.origins, strict=True)))


def _choice(rendered: Rendered, chosen: Rendered) -> Choice:
    return Choice(name=rendered.variant, words=readers_in_words(rendered.variant), chosen=rendered is chosen)


def _values(edition: Edition, reader: Reader) -> dict[str, str]:
    base_url = edition.workspace.settings.newsletter.base_url
    return {**reader.fields, **delivery_links(base_url, _NO_TOKEN)}


def _mail(slug: str, edition: Edition, rendered: Rendered, reader: Reader, wish: Wish) -> Mail:
    from newsletter.check.finished.size import gauge

    values = _values(edition, reader)
    source = fill(rendered.html, values)
    subject, preheader = fill(rendered.subject, values), fill(rendered.preheader, values)
    return Mail(
        rendered=rendered,
        html=_for_frame(slug, edition, rendered, values, wish.views),
        source=source,
        text=fill(rendered.text, values),
        subject=subject,
        preheader=preheader,
        inbox=inbox_rows(rendered.from_name, subject, preheader),
        size=gauge(rendered, edition.workspace.settings),
        elsewhere=_shows_the_web(edition, source),
    )


def _shows_the_web(edition: Edition, html: str) -> bool:
    address = pictures_url(edition.workspace.settings.newsletter.base_url)
    ours = {f"{address}{image.name}" for image in edition.prepared.images}
    return any(found[1] not in ours for found in _WEB_IMAGE.finditer(html))


def _for_frame(slug: str, edition: Edition, rendered: Rendered, values: Mapping[str, str], views: Sequence[str]) -> str:
    """Blocks are marked, images come from us, links to the web open in a new tab, and the views are emulated."""
    prepared = edition.prepared
    origins = prepared.origins[prepared.variants.index(rendered)]
    html = fill(marked(rendered.html, origins, _blocks(edition)), values)
    address = pictures_url(edition.workspace.settings.newsletter.base_url)
    for image in prepared.images:
        html = html.replace(f"{address}{image.name}", f"{image_path(slug)}{image.name}")
    return emulate(_WEB_LINK.sub(_NEW_TAB, html), *views)
