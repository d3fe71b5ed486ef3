"""The pictures of an issue: what readers hear who do not see them, and how long readers wait for them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

from newsletter.model.document import (
    Image,
    Link,
    TypedBlock,
    every_inline,
    plain_text,
    plain_words,
    walk_blocks,
    walk_inlines,
)
from newsletter.model.problem import information, warning

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsletter.check.mail import Mail
    from newsletter.model.document import Blocks
    from newsletter.model.issue import Issue
    from newsletter.model.problem import Place, Problem
    from newsletter.model.reference import Reference
    from newsletter.model.rendered import ImageFile
    from newsletter.settings import Settings

#: octets of one picture, of an animation, and of all in a mail; on a phone far from a mast 1.5 MB take half a minute
HEAVY = 500_000
HEAVY_ANIMATION = 1_000_000
HEAVY_TOGETHER = 1_500_000
#: characters that a screen reader reads in one go
ALT_MOST = 250
_ENDING = re.compile(r"\.(?:png|jpe?g|gif|webp|svg|heic|tiff?|bmp)$", re.IGNORECASE)
#: names that cameras and screenshots get
_CAMERA = re.compile(
    r"(?:img|dsc[fn]?|pxl|dcim|screen ?shot|bildschirmfoto|capture)[ _-]*\d[\d ._:-]*(?:(?:at|um)[\d ._:-]+)?(?:[ap]m)?",
    re.IGNORECASE,
)
#: says only that there is a picture, in the languages of the mail's own words
_IDLE = re.compile(
    r"image|picture|photo(?:graph)?|graphic|figure|illustration|drawing|chart|diagram|logo|icon|screenshot|"
    r"bild|foto|grafik|abbildung|diagramm|imagen|fotograf[ií]a|gráfico|figura|ilustración|"
    r"photographie|graphique|dessin|תמונה|צילום|איור|תרשים",
    re.IGNORECASE,
)
_SAY = "Say in a sentence what it shows, as you would on the telephone."


def pictures_have_alt_text(issue: Issue, _: Sequence[Reference], __: Settings) -> Iterator[Problem]:
    """Only Markdown's `![](x.png)`: a figure's `alt=""` is a choice, and a nameless link is told as such."""
    fix = 'Write ![what it shows](...); for mere decoration write a `figure` block with alt="".'
    for at in _without_words(issue.body):
        yield warning(
            "image-alt-missing", at, "this image has no alt text, and nobody can tell whether it needs one", fix
        )


def alt_texts_say_something(issue: Issue, _: Sequence[Reference], __: Settings) -> Iterator[Problem]:
    for at, alt, source in _described(issue.body):
        if _is_file_name(alt, source):
            message = f"the alt text `{alt[:60]}` is the name of a file, not what the image shows"
            yield warning("image-alt-useless", at, message, _SAY)
        elif _IDLE.fullmatch(alt.strip(" .:!")):
            message = f"the alt text `{alt}` says only that there is an image"
            yield warning("image-alt-useless", at, message, _SAY)
        elif len(alt) > ALT_MOST:
            message = f"the alt text has {len(alt)} characters; screen readers read it in one go, without a pause"
            fix = f"Keep it under {ALT_MOST}, and put the rest into the text or the caption."
            yield information("image-alt-long", at, message, fix)


def _without_words(blocks: Blocks) -> Iterator[Place]:
    yield from (block.at for block in walk_blocks(blocks) if isinstance(block, TypedBlock) and _is_bare(block))
    told = {id(image) for image in _in_nameless_links(blocks)}
    for inline in every_inline(blocks):
        if isinstance(inline, Image) and inline.source and not inline.alt.strip() and id(inline) not in told:
            yield inline.at


def _is_bare(block: TypedBlock) -> bool:
    """An image alone in its paragraph became a figure, whose attributes reading puts in one place; no link, no words."""
    written = block.name == "figure" and block.attribute_places.get("alt") == block.at
    linked = bool(block.attributes.get("href"))
    return written and not linked and bool(block.attributes.get("src")) and not _words(block, "alt").strip()


def _in_nameless_links(blocks: Blocks) -> Iterator[Image]:
    for inline in every_inline(blocks):
        if isinstance(inline, Link) and not plain_text(inline.content).strip():
            yield from (inner for inner in walk_inlines(inline.content) if isinstance(inner, Image))


def _described(blocks: Blocks) -> Iterator[tuple[Place, str, str]]:
    """Place, alt text and source of every image."""
    for block in walk_blocks(blocks):
        if isinstance(block, TypedBlock) and "src" in block.attributes:
            at = block.attribute_places.get("alt", block.at)
            yield at, _words(block, "alt").strip(), _words(block, "src")
    for inline in every_inline(blocks):
        if isinstance(inline, Image):
            yield inline.at, inline.alt.strip(), plain_words(inline.source)


def _words(block: TypedBlock, name: str) -> str:
    return plain_words(block.attributes.get(name, ()))


def _is_file_name(alt: str, source: str) -> bool:
    """`knee` says something even where the file is knee.png; `knee-2` does not."""
    stem = _ENDING.sub("", unquote(source).rpartition("/")[2]).casefold()
    own = alt.casefold() == stem and not alt.replace(" ", "").isalpha()
    return bool(alt) and (own or bool(_ENDING.search(alt)) or bool(_CAMERA.fullmatch(alt)))


def pictures_are_light(mail: Mail) -> Iterator[Problem]:
    for picture in mail.images:
        size = len(picture.content)
        if picture.media_type == "image/gif" and size > HEAVY_ANIMATION:
            message = f"the animation `{_name(picture)}` has {_amount(size)}; many readers will not wait for it"
            fix = "Make it shorter, smaller, or of fewer colours; a still image that links to a film does as well."
            yield warning("image-animation-heavy", _place(mail, picture), message, fix)
        elif picture.media_type != "image/gif" and size > HEAVY:
            message = f"the image `{_name(picture)}` has {_amount(size)}, even at the size in which it is shown"
            fix = (
                "Save it as JPEG if it is a photo."
                if picture.media_type == "image/png"
                else "Save it with less quality."
            )
            yield warning("image-heavy", _place(mail, picture), message, fix)


def pictures_are_light_together(mail: Mail) -> Iterator[Problem]:
    together = sum(len(picture.content) for picture in mail.images)
    if together > HEAVY_TOGETHER:
        heaviest = sorted(mail.images, key=lambda picture: len(picture.content), reverse=True)[:3]
        named = ", ".join(f"`{_name(picture)}` ({_amount(len(picture.content))})" for picture in heaviest)
        message = f"the images of this mail have {_amount(together)} together; the heaviest: {named}"
        fix = "Leave some out, or save photos as JPEG; readers on the road wait for every one."
        yield warning("images-heavy", mail.issue.place("title"), message, fix)


def _place(mail: Mail, picture: ImageFile) -> Place:
    """Where the mail first shows it."""
    offset = mail.html.find(f"/{picture.name}")
    return mail.place(offset) if offset >= 0 else mail.issue.place("title")


def _name(picture: ImageFile) -> str:
    return picture.source or picture.name


def _amount(octets: int) -> str:
    return f"{octets / 1e6:.1f} MB" if octets >= 1e6 else f"{octets / 1e3:.0f} KB"


ISSUE_RULES = (pictures_have_alt_text, alt_texts_say_something)
MAIL_RULES = (pictures_are_light, pictures_are_light_together)
