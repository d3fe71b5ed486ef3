"""The pictures of typed blocks: a figure at the size of its place, a portrait; what is too small or too long is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from newsletter.model.problem import information, warning
from newsletter.render.block_values import width_of
from newsletter.render.images import SHARP

if TYPE_CHECKING:
    from newsletter.model.document import TypedBlock
    from newsletter.model.problem import Place
    from newsletter.render.images import Picture
    from newsletter.render.scope import Scope, Surroundings

#: width and height of a portrait, in pixels
PORTRAIT = 72
#: how far a portrait may be from a square
_ROUND = 0.05
#: the part of a column that a picture without `width` fills before it counts as one that is meant to be small
_SMALL = 0.5


def figure_picture(block: TypedBlock, scope: Scope, around: Surroundings) -> dict[str, Any]:
    """`grows`: on a phone it may become wider than its column. Without a width, an image elsewhere has the client's."""
    asked = width_of(block, scope.images.problems)
    widest = min(around.column, asked or around.column)
    most = widest if asked else max(widest, around.stacked)
    at = block.attribute_places.get("src", block.at)
    picture = scope.images.picture(block.attributes.get("src", ()), at, most)
    size = picture.fitted(widest) if picture else None
    if picture and picture.natural:
        _tell_small(picture.natural[0], widest, scope, at, asked=bool(asked))
    return {
        "url": picture.url if picture else "",
        "width": size[0] if size else None,
        "height": size[1] if size else None,
        "grows": bool(picture and picture.natural and widest < most <= picture.natural[0]),
    }


def _tell_small(natural: int, widest: int, scope: Scope, at: Place, *, asked: bool) -> None:
    if natural >= widest or (not asked and natural <= widest * _SMALL):
        return
    told = f"this image is only {natural} pixels wide, and its place is {widest}"
    fix = f"Use one that is {SHARP * widest} pixels wide."
    if asked:
        message = f"{told}; larger it would look blurred, so it is shown smaller than `width` asks for"
        scope.images.problems.append(warning("image-small", at, message, fix))
    else:
        message = f"{told}; it does not fill it, and looks blurred on the sharp screen of a phone"
        scope.images.problems.append(information("image-small", at, message, fix))


def portrait(block: TypedBlock, scope: Scope) -> Picture | None:
    """The picture of an author: it fills a square."""
    at = block.attribute_places.get("src", block.at)
    picture = scope.images.picture(block.attributes.get("src", ()), at, PORTRAIT, cover=True)
    if picture is None or picture.natural is None:
        return picture
    width, height = picture.natural
    if abs(width / height - 1) > _ROUND:
        what = f"this portrait is {width} by {height} pixels; some mail programs squeeze it"
        scope.images.problems.append(warning("portrait-not-square", at, what, "Cut it to a square."))
    if min(width, height) < PORTRAIT:
        what = f"this portrait is {width} by {height} pixels; enlarged to {PORTRAIT} it looks blurred"
        fix = f"Use one of {SHARP * PORTRAIT} by {SHARP * PORTRAIT} pixels."
        scope.images.problems.append(warning("image-small", at, what, fix))
    return picture
