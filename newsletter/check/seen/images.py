"""The images of the finished mail: what our own templates do right, a workspace's own may not. Those of the author are judged in
check/written/pictures.py (https://www.w3.org/WAI/tutorials/images/).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.check.rulebook import Finding, mail_rule
from newsletter.check.seen.template_tags import place_of_tag
from newsletter.model.document import (
    Image,
    Link,
    TypedBlock,
    inlines_of,
    plain_text,
    walk_blocks,
    walk_inlines,
)
from newsletter.model.problem import Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.mail import Mail
    from newsletter.check.page import Element
    from newsletter.model.document import Blocks
    from newsletter.model.problem import Place

_WIDTH = re.compile(r"(?:^|[;\s])(?:max-)?width\s*:", re.IGNORECASE)
_IN_TEMPLATE = "in the template"


@mail_rule("img-alt-missing", Level.ERROR)
def every_image_has_an_alt_attribute(mail: Mail) -> Iterator[Finding]:
    """An image of a template without an `alt` attribute.

    Screen readers then read out the name of the file, and readers who block images see an empty box. Write `alt="..."` into the
    template with what the image shows, or `alt=""` if it only decorates.

    Bad (templates/email/parts/masthead.html.j2):

        <img src="https://example.org/banner.png" width="600" height="80">

    Bad:

        Walk a little every day.

    Good:

        Walk a little every day.
    """
    for image in seen(mail, "img"):
        if "alt" not in image.attributes:
            message = f"an image has no alt attribute: {image.attributes.get('src', '')[:80]}"
            fix = f'Write alt="what it shows" {_IN_TEMPLATE}, or alt="" for mere decoration.'
            yield Finding(at=place_of_tag(mail, image), message=message, fix=fix)


@mail_rule("img-link-nameless", Level.ERROR)
def linked_images_say_where_they_lead(mail: Mail) -> Iterator[Finding]:
    """A linked image of a template that does not say where the link leads.

    The link has no words, and its image has no alt text. Screen readers read out the address, letter by letter. Write the alt
    text in the template: where the link leads, not what the image looks like.

    Bad (templates/email/parts/masthead.html.j2):

        <a href="https://example.org/"><img src="https://example.org/logo.png" width="100" height="40" alt=""></a>

    Bad:

        Walk a little every day.

    Good:

        Walk a little every day.
    """
    told = set(_nameless_places(mail.issue.body))
    for link in seen(mail, "a"):
        images = [one for one in link.walk() if one.tag == "img"]
        named = link.attributes.get("aria-label", "").strip() or link.attributes.get("title", "").strip()
        if not images or "href" not in link.attributes or link.words or named:
            continue
        at = mail.place(link.offset)
        if at not in told and not any(image.attributes.get("alt", "").strip() for image in images):
            fix = f"Write where it leads as the alt text of the image {_IN_TEMPLATE}."
            yield Finding(at=at, message="this linked image does not say where the link leads", fix=fix)


def _nameless_places(blocks: Blocks) -> Iterator[Place]:
    """Of the author's own linked images without words, which check/written/body.py tells."""
    for block in walk_blocks(blocks):
        if isinstance(block, TypedBlock) and block.name == "figure" and not block.attributes.get("alt"):
            yield block.at
        links = (one for content in inlines_of(block) for one in walk_inlines(content) if isinstance(one, Link))
        for link in links:
            if not plain_text(link.content).strip() and any(isinstance(one, Image) for one in link.content):
                yield from (link.at, block.at)


@mail_rule("img-size-missing", Level.INFORMATION)
def images_have_a_size(mail: Mail) -> Iterator[Finding]:
    """An image of a template without a width.

    Outlook for Windows then shows it in its full size, which may be wider than the screen, and the text jumps when images are
    loaded. Write the width and height in pixels as attributes.

    Bad (templates/email/parts/masthead.html.j2):

        <img src="https://example.org/banner.png" alt="Larkmeadow">

    Bad:

        Walk a little every day.

    Good:

        Walk a little every day.
    """
    for image in seen(mail, "img"):
        if not image.attributes.get("width", "").strip() and not _WIDTH.search(image.attributes.get("style", "")):
            message = f"an image has no width attribute: {image.attributes.get('src', '')[:80]}"
            fix = f'Write its size in pixels as attributes {_IN_TEMPLATE}, such as width="600" height="80".'
            yield Finding(at=place_of_tag(mail, image), message=message, fix=fix)


@mail_rule("img-source", Level.ERROR)
def images_can_be_loaded(mail: Mail) -> Iterator[Finding]:
    """An image of a template that mail programs cannot load.

    A mail has no folder: a relative address such as `images/logo.png` leads nowhere, and `data:` is thrown away by Gmail and
    Outlook. An address with `http://` is a warning: many programs load only encrypted ones. Write a whole address with
    `https://`, or set `logo` in `[theme]`.

    Bad (templates/email/parts/masthead.html.j2):

        <img src="images/banner.png" width="600" height="80" alt="Larkmeadow">

    Bad:

        Walk a little every day.

    Good:

        Walk a little every day.
    """
    fix = "Write a whole address that begins with https://."
    for image in seen(mail, "img"):
        source = image.attributes.get("src", "").strip()
        scheme = source.partition(":")[0].lower()
        if scheme == "http" and source.startswith(mail.settings.newsletter.base_url):
            continue  # the newsletter's own: sending refuses such a base_url
        if scheme == "http":
            message = f"an image is loaded without encryption, which many mail programs do not do: {source[:80]}"
            yield Finding(at=place_of_tag(mail, image), message=message, fix=fix, level=Level.WARNING)
        elif scheme not in {"https", "cid"} or ":" not in source:
            message = f"no mail program can load this image: {source[:80] or 'it has no address'}"
            yield Finding(at=place_of_tag(mail, image), message=message, fix=fix)


def seen(mail: Mail, *tags: str) -> list[Element]:
    """The elements with one of these tags that are not hidden on a wide screen."""
    styles = mail.page.styles
    found = (element for element in mail.page.elements() if element.tag in tags)
    return [one for one in found if not styles.look(one, styles.views[0]).hidden_by]


RULES = (
    every_image_has_an_alt_attribute,
    linked_images_say_where_they_lead,
    images_have_a_size,
    images_can_be_loaded,
)
