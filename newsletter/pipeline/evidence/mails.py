"""A stored mail in the forms that people can look at: what is each reader's own is a mark in [brackets]."""

from __future__ import annotations

import base64
import re
from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from newsletter.compose.links import delivery_links, pictures_url
from newsletter.compose.message import CompiledMessage
from newsletter.compose.slots import fill
from newsletter.model.letter import Envelope, Letter
from newsletter.model.rendered import LINK_SLOTS, Context, Slot

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from newsletter.model.mailing import Mailing
    from newsletter.model.rendered import ImageFile, Parts, Rendered

#: stands in links where each reader has a token of their own
NOBODYS = "each-readers-own"
#: what stands there has to be a whole address, so no mark of ours can
_URLS = frozenset({Context.URL, Context.TEXT_URL})


def forms_of(rendered: Rendered, images: Mapping[str, ImageFile], mailing: Mailing, base_url: str) -> dict[str, bytes]:
    """Name -> content: the page with its images inside, the text part, the whole message."""
    marked = _marked(rendered)
    links = delivery_links(base_url, NOBODYS)
    page = with_images_inside(fill(marked.html, links), images, base_url)
    return {
        "mail.html": page.encode(),
        "mail.txt": fill(marked.text, links).encode(),
        "mail.eml": _message(marked, images, mailing, base_url),
    }


def subject_of(rendered: Rendered) -> str:
    return fill(_marked(rendered).subject, {})


def preheader_of(rendered: Rendered) -> str:
    return fill(_marked(rendered).preheader, {})


def html_of(rendered: Rendered) -> str:
    """With marks for what is each reader's own, its images where they are on the web."""
    return fill(_marked(rendered).html, {})


def _marked(rendered: Rendered) -> Rendered:
    """Every field of a reader as [its name]. Links are filled later."""

    def marks(parts: Parts) -> Parts:
        return tuple(_mark(part) if isinstance(part, Slot) else part for part in parts)

    return replace(
        rendered,
        subject=marks(rendered.subject),
        preheader=marks(rendered.preheader),
        html=marks(rendered.html),
        text=marks(rendered.text),
    )


def _mark(slot: Slot) -> Slot:
    own = slot.name not in LINK_SLOTS and slot.context not in _URLS
    return replace(slot, fallback=f"[{slot.name}]") if own else slot


def with_images_inside(html: str, images: Mapping[str, ImageFile], base_url: str) -> str:
    """So that the page is whole on any machine, years later. Links to images stay."""
    if not images:
        return html
    before = pictures_url(base_url)
    spelled = "|".join({re.escape(before), re.escape(escape(before))})
    either = "|".join(map(re.escape, sorted(images, key=len, reverse=True)))
    pattern = re.compile(rf"(?<!href=[\"\'])(?:{spelled})({either})(?![\w.-])")
    return pattern.sub(lambda found: _data_url(images[found[1]]), html)


def _data_url(image: ImageFile) -> str:
    return f"data:{image.media_type};base64,{base64.b64encode(image.content).decode()}"


def _message(rendered: Rendered, images: Mapping[str, ImageFile], mailing: Mailing, base_url: str) -> bytes:
    domain = rendered.from_address.rpartition("@")[2]
    letter = Letter(
        rendered=rendered,
        mailing=str(mailing.number),
        list_id=f"{mailing.lists[0] if mailing.lists else 'list'}.{urlsplit(base_url).hostname or 'localhost'}",
        date=_begun(mailing),
        domain=domain,
        pictures=tuple(images[name] for name in rendered.images if name in images),
        pictures_url=pictures_url(base_url),
    )
    nobody = Envelope(n=0, address="reader@example.invalid", name="[name]", values=delivery_links(base_url, NOBODYS))
    return CompiledMessage(letter).bytes_for(nobody)


def _begun(mailing: Mailing) -> datetime:
    return mailing.started_at or mailing.due_at or mailing.created_at
