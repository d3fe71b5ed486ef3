"""An image file and the place for it -> the file that is published: resized to what the place needs, bare of all else.

Never enlarged. The same file, place and version of Pillow give the same bytes; the name comes from the file and its
size alone, so that a newer Pillow does not rename what has been sent.
"""

from __future__ import annotations

import hashlib
import io
import warnings
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from newsletter.render.picture_bare import bare
from newsletter.render.picture_cache import remembered
from newsletter.render.picture_colours import moves_colours, to_srgb, whole
from newsletter.render.picture_kinds import Fault, Kind, Unusable, damaged, kind_of

if TYPE_CHECKING:
    from PIL.Image import Image

    from newsletter.render.picture_bare import Bare

    Size = tuple[int, int]

MOST_BYTES = 20_000_000
MOST_PIXELS = 60_000_000
#: of all frames of an animation together
MOST_ANIMATED_PIXELS = 200_000_000
_MOST_FRAMES = 2000
_JPEG_QUALITY = 82
#: what re-encoding a JPEG of the right size must save to be worth its loss
_WORTH_IT = 0.9
#: pixels beyond which a file of the right size is not written anew to see whether it gets smaller
_MOST_REWRITTEN = 4_000_000
#: octets up to which a PNG is a drawing, where squeezing is quick and pays; a photo gains 8 % for ten times the time
_SQUEEZED = 60_000
#: how much larger than needed a JPEG is decoded, so that resizing has something to work with
_ROOM = 1.5
#: a new number when the same file should give another picture, and so another name
_RECIPE = b"1"
_ORIENTATION = 274


@dataclass(frozen=True, kw_only=True)
class Fit:
    """The most that a place needs: `pixels` of width, or of the shorter side where the picture has to `cover` a square."""

    pixels: int
    cover: bool = False

    def within(self, size: Size) -> Size:
        """The size that a picture of this natural size gets."""
        scale = self.pixels / (min(size) if self.cover else size[0])
        return size if scale >= 1 else (max(1, round(size[0] * scale)), max(1, round(size[1] * scale)))


@dataclass(frozen=True, kw_only=True)
class Made:
    """A picture to be published. `natural` is the size of the source, upright."""

    name: str
    media_type: str
    content: bytes = field(repr=False)
    natural: Size


@remembered
def made(content: bytes, fit: Fit) -> Made | Fault:
    """The published form of a file, or why there is none. Whatever the bytes are, nothing is raised."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow's, about oddities of files that it can read all the same
            return _made(content, fit)
    except Unusable as why:
        return why.fault
    except Exception:  # noqa: BLE001 - foreign bytes raise whatever they like in a decoder
        return damaged().fault


def _made(content: bytes, fit: Fit) -> Made:
    kind = kind_of(content)
    only = bare(content, kind)
    turned = _orientation(only.exif) if only.frames == 1 else 1
    natural = (only.size[1], only.size[0]) if turned >= _SIDEWAYS else only.size
    _refuse_bombs(only)
    size = natural if only.frames > 1 else fit.within(natural)
    if only.frames > 1:
        _watch_to_the_end(only, kind)
        result, kept = only.content, kind
    else:
        result, kept = _still(only, kind, turned, size if size != natural else None)
    rule = f"{size[0]}x{size[1]}".encode()
    digest = hashlib.sha256(b"\0".join((_RECIPE, rule, content))).hexdigest()[:16]
    return Made(name=f"{digest}.{kept.ending}", media_type=kept.media_type, content=result, natural=natural)


def _refuse_bombs(only: Bare) -> None:
    """By what the file says of itself, before anything is decoded."""
    width, height = only.size
    pixels = width * height
    if not pixels:
        raise damaged()
    fix = "Make it smaller: 1200 pixels wide is enough."
    if pixels > MOST_PIXELS:
        what = f"has {width:,} by {height:,} pixels; {MOST_PIXELS // 1_000_000} million in all are allowed"
        raise Unusable(Fault("image-too-large", what, fix))
    if only.frames > _MOST_FRAMES or (only.frames > 1 and pixels * only.frames > MOST_ANIMATED_PIXELS):
        most = f"{MOST_ANIMATED_PIXELS // 1_000_000} million pixels in {_MOST_FRAMES:,} frames are allowed"
        what = f"is an animation of {only.frames:,} frames of {width:,} by {height:,} pixels; {most}"
        raise Unusable(Fault("image-too-large", what, "Make it shorter, smaller, or a still picture."))


def _watch_to_the_end(only: Bare, kind: Kind) -> None:
    """An animation is published as it is, if every frame can be shown."""
    with _opened(only, kind) as image:
        for frame in range(only.frames):
            image.seek(frame)
            image.load()


def _opened(only: Bare, kind: Kind) -> Image:
    from PIL import Image

    image = Image.open(io.BytesIO(only.content), formats=(kind.value,))
    if kind is not Kind.GIF and image.size != only.size:  # two headers, one of them to deceive
        raise damaged()
    return image


def _still(only: Bare, kind: Kind, turned: int, size: Size | None) -> tuple[bytes, Kind]:
    """The file of a still picture; `size` is the new one, upright, None where the pixels stay as many as they are."""
    with _opened(only, kind) as image:
        raw = (size[1], size[0]) if size and turned >= _SIDEWAYS else size
        if kind is Kind.JPEG and raw:
            image.draft(image.mode, (int(raw[0] * _ROOM), int(raw[1] * _ROOM)))
        image.load()
        deep = kind is Kind.PNG and only.content[_PNG_DEPTH] > 8
        recoloured = image.mode == "CMYK" or (bool(only.icc) and moves_colours(image, only.icc))
        if not (raw or turned > 1 or deep or recoloured):
            return _lightest(image, only, kind)
        picture = _redrawn(image, raw, turned, only.icc if recoloured else b"")
        few = image.mode == "P" or kind is Kind.GIF
        return (_jpeg(picture), Kind.JPEG) if kind is Kind.JPEG else (_png(picture, few=few), Kind.PNG)


def _redrawn(image: Image, raw: Size | None, turned: int, profile: bytes) -> Image:
    from PIL import Image as Pillow

    picture = whole(image)
    if raw:
        picture = picture.resize(raw, Pillow.Resampling.LANCZOS, reducing_gap=3.0)
    picture = to_srgb(picture, profile)
    turn = _TURNS.get(turned)
    return picture if turn is None else picture.transpose(Pillow.Transpose[turn])


def _lightest(image: Image, only: Bare, kind: Kind) -> tuple[bytes, Kind]:
    """The source's own pixels, or the same picture written better, where that is clearly smaller."""
    coarse = kind is Kind.JPEG and not _is_finer_than_ours(image)
    if coarse or kind is Kind.GIF or image.width * image.height > _MOST_REWRITTEN:
        return only.content, kind
    again, enough = (_jpeg(image), _WORTH_IT) if kind is Kind.JPEG else (_encoded(image), 1.0)
    return (again if len(again) < len(only.content) * enough else only.content), kind


def _is_finer_than_ours(image: Image) -> bool:
    """Whether a JPEG has the finer steps of a higher quality. Only then can it get lighter and still look the same."""
    from PIL import Image as Pillow

    with Pillow.open(io.BytesIO(_jpeg(Pillow.new("L", (8, 8))))) as ours:
        steps = [sum(picture.quantization[0]) for picture in (image, ours)]  # type: ignore[attr-defined]
    return steps[0] < steps[1]


def _jpeg(picture: Image) -> bytes:
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=_JPEG_QUALITY, optimize=True, progressive=True)
    return file.getvalue()


def _png(picture: Image, *, few: bool) -> bytes:
    """`few`: the source had at most 256 colours, and the result may keep to them where that makes it smaller."""
    from PIL import Image as Pillow

    full = _encoded(picture)
    if not few or picture.mode in {"L", "LA"}:
        return full
    return min(full, _encoded(picture.quantize(256, dither=Pillow.Dither.NONE)), key=len)


def _encoded(picture: Image) -> bytes:
    plain, squeezed = io.BytesIO(), io.BytesIO()
    picture.save(plain, "PNG")
    if plain.tell() > _SQUEEZED:
        return plain.getvalue()
    picture.save(squeezed, "PNG", optimize=True)
    return min(plain.getvalue(), squeezed.getvalue(), key=len)


#: where a PNG says how many bits its samples have
_PNG_DEPTH = 24
#: EXIF's orientation -> what makes the picture upright (Exif 2.32, table 6); from 5 on, width and height change places
_TURNS = {
    2: "FLIP_LEFT_RIGHT",
    3: "ROTATE_180",
    4: "FLIP_TOP_BOTTOM",
    5: "TRANSPOSE",
    6: "ROTATE_270",
    7: "TRANSVERSE",
    8: "ROTATE_90",
}
_SIDEWAYS = 5


def _orientation(exif: bytes) -> int:
    """How the camera was held; 1, upright, where EXIF does not say or cannot be read."""
    from PIL import Image

    found = Image.Exif()
    try:
        found.load(exif)
        turned = found.get(_ORIENTATION, 1)
    except Exception:  # noqa: BLE001 - EXIF of foreign cameras raises whatever it likes
        return 1
    return turned if turned in _TURNS else 1
