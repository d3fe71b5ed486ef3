"""What a file is, told by its first bytes and never by its name: a PNG, JPEG or GIF, or something that mail programs do not show."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What every mail program shows, by Pillow's names."""

    PNG = "PNG"
    JPEG = "JPEG"
    GIF = "GIF"

    @property
    def media_type(self) -> str:
        return f"image/{self.lower()}"

    @property
    def ending(self) -> str:
        return "jpg" if self is Kind.JPEG else self.lower()


@dataclass(frozen=True)
class Fault:
    """Why a file cannot be shown: a problem without its place. `what` goes on after the image's name."""

    code: str
    what: str
    fix: str


class Unusable(Exception):
    """Carries a Fault to where it is told."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.what)
        self.fault = fault


def damaged() -> Unusable:
    what = "is damaged: it cannot be read to its end"
    return Unusable(Fault("image-unreadable", what, "Save or export it again, and see that it opens in a browser."))


_RESAVE = "Open it in a program for images and save it as JPEG, or as PNG if it is a drawing or see-through."
_EXPORT = "Export it as PNG, at least 1200 pixels wide."
_STILL = "Save it as an animated GIF, or show a still image that links to it."
_ANY = "Put in a PNG, JPEG or GIF."
#: how many bytes tell what a file is
_HEAD = 1024

_KINDS = ((b"\x89PNG\r\n\x1a\n", Kind.PNG), (b"\xff\xd8\xff", Kind.JPEG), (b"GIF87a", Kind.GIF), (b"GIF89a", Kind.GIF))
#: beginning -> (what it is, what to do)
_OTHERS: tuple[tuple[re.Pattern[bytes], str, str], ...] = tuple(
    (re.compile(pattern, re.DOTALL), f"is {what}", fix)
    for pattern, what, fix in (
        (rb"RIFF....WEBP", "a WebP image, which Outlook does not show", _RESAVE),
        (rb"....ftyp(?:avi[fs]|(?:mif1|msf1).{0,40}avi[fs])", "an AVIF image, which many mail programs do not show", _RESAVE),
        (rb"....ftyp(?:he[iv]|mif1|msf1)", "an iPhone's HEIC image, which most mail programs do not show", _RESAVE),
        (rb"....ftyp|\x1aE\xdf\xa3|RIFF....AVI ", "a film", _STILL),
        (rb"II[*+]\x00|MM\x00[*+]", "a TIFF image, which most mail programs do not show", _RESAVE),
        (rb"BM....\x00\x00\x00\x00", "a BMP image, which is very large and not shown everywhere", _RESAVE),
        (rb"\x00\x00\x00\x0cJXL |\xff\x0a", "a JPEG XL image, which hardly any mail program shows", _RESAVE),
        (rb"\x00\x00\x00\x0cjP  |\xff\x4f\xff\x51", "a JPEG 2000 image, which hardly any mail program shows", _RESAVE),
        (rb"\x00\x00[\x01\x02]\x00[\x01-\x20]\x00", "an icon file (ICO), which most mail programs do not show", _RESAVE),
        (rb"8BPS", "a Photoshop file", _RESAVE),
        (rb"%PDF", "a PDF document", _EXPORT),
        (rb"%!PS|\xc5\xd0\xd3\xc6", "an EPS drawing", _EXPORT),
        (rb"PK\x03\x04|\xd0\xcf\x11\xe0", "an archive or an office document", _ANY),
        (rb"version https://git-lfs", "only a pointer of Git LFS, not the image", "Fetch the images with `git lfs pull`."),
    )
)  # fmt: skip
_SVG = "is an SVG drawing, which Gmail and Outlook do not show"
_PAGE = "is a web page, not an image"


def kind_of(content: bytes) -> Kind:
    """What the file is.

    Raises:
        Unusable: it is none of the three; the fault names what it is instead, where we know it.
    """
    for start, kind in _KINDS:
        if content.startswith(start):
            return kind
    raise Unusable(Fault("image-type", *_described(content[:_HEAD])))


def _described(head: bytes) -> tuple[str, str]:
    if not head.strip(b"\0"):
        return ("is an empty file" if not head else "is a file of zeros"), _ANY
    for start, what, fix in _OTHERS:
        if start.match(head):
            return what, fix
    text = head.removeprefix(b"\xef\xbb\xbf").replace(b"\0", b"").lstrip(b"\xff\xfe \r\n\t").lower()
    if text.startswith((b"<!doctype html", b"<html", b"<head", b"<body")):
        return _PAGE, "Save the image itself: right-click on it in the browser, and choose to save the image."
    if text.startswith(b"<") and b"<svg" in text:
        return _SVG, _EXPORT
    return "is not an image that we know", "Save it as PNG, JPEG or GIF."
