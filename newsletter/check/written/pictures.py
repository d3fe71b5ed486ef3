"""The pictures of an issue: what readers hear who do not see them, and how long readers wait for them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

from newsletter.check.rulebook import Finding, issue_rule, mail_rule
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
from newsletter.model.problem import Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.mail import Mail
    from newsletter.check.rulebook import Content
    from newsletter.model.document import Blocks
    from newsletter.model.problem import Place
    from newsletter.model.rendered import ImageFile

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


@issue_rule("image-alt-missing", Level.WARNING)
def pictures_have_alt_text(content: Content) -> Iterator[Finding]:
    """An image that does not say what it shows.

    Who hears the mail, or has images switched off, gets nothing. Say between the brackets what the image shows; for mere
    decoration write a `figure` block with `alt=""`.

    Bad:

        ![](photo.jpg)

    Good:

        ![A runner climbs the stairs of a stadium](photo.jpg)
    """
    # only Markdown's `![](x.png)`: a figure's `alt=""` is a choice, and a nameless link is told as such
    fix = 'Write ![what it shows](...); for mere decoration write a `figure` block with alt="".'
    for at in _without_words(content.issue.body):
        message = "this image has no alt text, and nobody can tell whether it needs one"
        yield Finding(at=at, message=message, fix=fix)


@issue_rule("image-alt-useless", Level.WARNING)
def alt_texts_say_something(content: Content) -> Iterator[Finding]:
    """An alt text that is the name of a file, or only a word such as "photo".

    Say in a sentence what the image shows, as you would on the telephone.

    Bad:

        ![IMG_2041.jpg](photo.jpg)

    Good:

        ![A runner climbs the stairs of a stadium](photo.jpg)
    """
    for at, alt, source in _described(content.issue.body):
        if _is_file_name(alt, source):
            message = f"the alt text `{alt[:60]}` is the name of a file, not what the image shows"
            yield Finding(at=at, message=message, fix=_SAY)
        elif _IDLE.fullmatch(alt.strip(" .:!")):
            message = f"the alt text `{alt}` says only that there is an image"
            yield Finding(at=at, message=message, fix=_SAY)


@issue_rule("image-alt-long", Level.INFORMATION)
def alt_texts_are_short(content: Content) -> Iterator[Finding]:
    """An alt text of more than 250 characters.

    Screen readers read it in one go, without a pause. Put a part of it into the text or the caption.

    Bad:

        ![A runner climbs the stairs of a stadium, two steps at a time, with her left hand on the rail and her eyes on the step
        in front of her, while behind her three others wait at the foot of the stairs, look up at her, and talk about how many
        weeks it took each of them to climb like that again after the operation](photo.jpg)

    Good:

        ![A runner climbs the stairs of a stadium](photo.jpg)
    """
    for at, alt, _ in _described(content.issue.body):
        if len(alt) > ALT_MOST:
            message = f"the alt text has {len(alt)} characters; screen readers read it in one go, without a pause"
            fix = f"Keep it under {ALT_MOST}, and put the rest into the text or the caption."
            yield Finding(at=at, message=message, fix=fix)


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


@mail_rule("image-animation-heavy", Level.WARNING)
def animations_are_light(mail: Mail) -> Iterator[Finding]:
    """An animation of more than 1 MB.

    Many readers will not wait for it. Make it shorter, smaller, or of fewer colours; a still image that links to a film does
    as well.
    """
    for picture in mail.images:
        size = len(picture.content)
        if picture.media_type == "image/gif" and size > HEAVY_ANIMATION:
            message = f"the animation `{_name(picture)}` has {_amount(size)}; many readers will not wait for it"
            fix = "Make it shorter, smaller, or of fewer colours; a still image that links to a film does as well."
            yield Finding(at=_place(mail, picture), message=message, fix=fix)


@mail_rule("image-heavy", Level.WARNING)
def pictures_are_light(mail: Mail) -> Iterator[Finding]:
    """An image of more than 500 KB, at the size in which it is shown.

    Readers far from a mast wait for it. Photos are small as JPEG and large as PNG.
    """
    for picture in mail.images:
        size = len(picture.content)
        if picture.media_type != "image/gif" and size > HEAVY:
            message = f"the image `{_name(picture)}` has {_amount(size)}, even at the size in which it is shown"
            is_png = picture.media_type == "image/png"
            fix = "Save it as JPEG if it is a photo." if is_png else "Save it with less quality."
            yield Finding(at=_place(mail, picture), message=message, fix=fix)


@mail_rule("images-heavy", Level.WARNING)
def pictures_are_light_together(mail: Mail) -> Iterator[Finding]:
    """All images of a mail have more than 1.5 MB together.

    On the road that is half a minute of waiting. Leave some out, or save photos as JPEG.
    """
    together = sum(len(picture.content) for picture in mail.images)
    if together > HEAVY_TOGETHER:
        heaviest = sorted(mail.images, key=lambda picture: len(picture.content), reverse=True)[:3]
        named = ", ".join(f"`{_name(picture)}` ({_amount(len(picture.content))})" for picture in heaviest)
        message = f"the images of this mail have {_amount(together)} together; the heaviest: {named}"
        fix = "Leave some out, or save photos as JPEG; readers on the road wait for every one."
        yield Finding(at=mail.issue.place("title"), message=message, fix=fix)


def _place(mail: Mail, picture: ImageFile) -> Place:
    """Where the mail first shows it."""
    offset = mail.html.find(f"/{picture.name}")
    return mail.place(offset) if offset >= 0 else mail.issue.place("title")


def _name(picture: ImageFile) -> str:
    return picture.source or picture.name


def _amount(octets: int) -> str:
    return f"{octets / 1e6:.1f} MB" if octets >= 1e6 else f"{octets / 1e3:.0f} KB"


RULES = (
    pictures_have_alt_text,
    alt_texts_say_something,
    alt_texts_are_short,
    animations_are_light,
    pictures_are_light,
    pictures_are_light_together,
)
