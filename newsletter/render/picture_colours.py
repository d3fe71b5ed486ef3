"""Any mode and colour space of an image -> what mail programs show alike: 8 bits, grey or sRGB, see-through where it was."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

#: modes that can be resized and saved as they are; the rest are indirect, too deep or too shallow
_WHOLE = frozenset({"L", "LA", "RGB", "RGBA", "CMYK"})
#: mode of an image in which one colour stands for nothing -> mode that shows it
_SEE_THROUGH = {"1": "LA", "L": "LA", "P": "RGBA", "RGB": "RGBA"}
#: a profile that moves no colour by more than this is sRGB under another name
_ALIKE = 3
_STEPS = tuple(range(0, 256, 51))


def whole(image: Image) -> Image:
    """The image in a mode that can be resized. Its own colours still; an alpha channel that hides nothing is left out."""
    clear = image.info.get("transparency")
    if image.mode == "I;16":  # a plain conversion to L would cut off, not scale
        image = image.point(lambda value: value * (1 / 256) + 0).convert("L")
    image.info = {} if clear is None else {"transparency": _in_8_bits(clear)}
    if clear is not None:
        image = image.convert(_SEE_THROUGH[image.mode])
    elif image.mode not in _WHOLE:
        image = image.convert("L" if image.mode == "1" else "RGB")
    image.info = {}
    return _without_idle_alpha(image)


def _in_8_bits(clear: bytes | int | tuple[int, ...]) -> bytes | int | tuple[int, ...]:
    """The colour that stands for nothing; a PNG of 16 bits names it in 16 bits."""
    if isinstance(clear, tuple):
        return tuple(value >> 8 for value in clear) if max(clear) > 255 else clear
    return clear >> 8 if isinstance(clear, int) and clear > 255 else clear


def _without_idle_alpha(image: Image) -> Image:
    if image.mode not in {"LA", "RGBA"}:
        return image
    opaque = image.getchannel("A").getextrema() == (255, 255)
    return image.convert(image.mode[:-1]) if opaque else image


def to_srgb(image: Image, profile: bytes) -> Image:
    """The colours as the profile means them; without a profile, or with a broken one, CMYK by the plain formula."""
    if image.mode in {"LA", "RGBA"}:
        alpha = image.getchannel("A")
        opaque = to_srgb(image.convert(image.mode[:-1]), profile)
        opaque.putalpha(alpha)
        return opaque
    grey = image.mode == "L"
    converted = _converted(image, profile) or image
    return converted.convert("L" if grey else "RGB")


def moves_colours(image: Image, profile: bytes) -> bool:
    """Whether the profile means other colours than sRGB does for the same numbers."""
    from PIL import Image as Pillow
    from PIL import ImageChops

    mode = {"L": "L", "LA": "L", "CMYK": "CMYK"}.get(image.mode, "RGB")
    if mode == "CMYK":
        return True
    levels = [bytes([grey]) for grey in range(256)]
    if mode == "RGB":
        levels = [bytes((red, green, blue)) for red in _STEPS for green in _STEPS for blue in _STEPS]
    samples = Pillow.frombytes(mode, (len(levels), 1), b"".join(levels))
    converted = _converted(samples, profile)
    if converted is None:
        return False
    difference = ImageChops.difference(samples.convert("RGB"), converted)
    return max(difference.tobytes()) > _ALIKE


def _converted(image: Image, profile: bytes) -> Image | None:
    """None where there is no profile, or none that fits the image: then everybody takes the numbers as they are."""
    if not profile:
        return None
    from PIL import ImageCms

    try:
        theirs = ImageCms.ImageCmsProfile(BytesIO(profile))
        converted = ImageCms.profileToProfile(image, theirs, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError):
        return None
    if converted is not None:
        converted.info = {}  # else the new profile, and the time of its making, would be saved with it
    return converted
