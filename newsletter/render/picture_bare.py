"""A PNG, JPEG or GIF file -> the same picture with nothing else in it, and what is needed to show it right.

What goes: EXIF with its GPS position, XMP, IPTC, comments, texts, thumbnails, previews, and whatever lies behind the
end. The pixels are not touched. PNG: W3C PNG 3rd edition; JPEG: ITU T.81 annex B, JFIF 1.02; GIF: GIF89a.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from newsletter.render.picture_kinds import Kind, damaged

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping


@dataclass(frozen=True, kw_only=True)
class Bare:
    """`size` is that of the canvas, before EXIF turns it; `icc` and `exif` are what was taken out, empty for none."""

    content: bytes = field(repr=False)
    size: tuple[int, int]
    frames: int = 1
    icc: bytes = field(default=b"", repr=False)
    exif: bytes = field(default=b"", repr=False)


def bare(content: bytes, kind: Kind) -> Bare:
    """The picture alone. Only the file's structure is read: nothing is decoded, whatever size it claims to have.

    Raises:
        Unusable: the file ends too early, or is not built like one.
    """
    return _BARE[kind](content)


_PNG_STILL = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"})
#: an animation is not decoded, so its profile has to stay with it
_PNG_ANIMATED = _PNG_STILL | {b"acTL", b"fcTL", b"fdAT", b"iCCP", b"sRGB"}
#: a profile that unpacks to more is none
_MOST_ICC = 4_000_000


def _bare_png(content: bytes) -> Bare:
    chunks = list(_png_chunks(content))
    if not chunks or chunks[0][0] != b"IHDR" or len(chunks[0][1]) != 25:
        raise damaged()
    header = chunks[0][1]
    width, height = int.from_bytes(header[8:12]), int.from_bytes(header[12:16])
    frames = sum(name == b"fcTL" for name, _ in chunks) if any(name == b"acTL" for name, _ in chunks) else 1
    kept = _PNG_ANIMATED if frames > 1 else _PNG_STILL
    found = {name: whole[8:-4] for name, whole in reversed(chunks) if name in {b"iCCP", b"eXIf"}}
    return Bare(
        content=content[:8] + b"".join(whole for name, whole in chunks if name in kept),
        size=(width, height),
        frames=max(1, frames),
        icc=_inflated(found.get(b"iCCP", b"")),
        exif=found.get(b"eXIf", b""),
    )


def _png_chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """(name, the whole chunk) up to the end of the picture."""
    at, name = 8, b""
    while name != b"IEND":
        name = content[at + 4 : at + 8]
        end = at + 12 + int.from_bytes(content[at : at + 4])
        if end > len(content) or len(name) < 4:
            raise damaged()
        yield name, content[at:end]
        at = end


def _inflated(profile: bytes) -> bytes:
    """The profile in an iCCP chunk: a name, a zero, the method, then packed. Empty where it cannot be unpacked."""
    packed = profile.partition(b"\0")[2][1:]
    unpacking = zlib.decompressobj()
    try:
        unpacked = unpacking.decompress(packed, _MOST_ICC)
    except zlib.error:
        return b""
    return unpacked if unpacking.eof else b""


_SOI, _EOI = b"\xff\xd8", b"\xff\xd9"
#: the plainest header: no resolution, which Outlook would scale by, and no thumbnail
_JFIF = b"\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
_SOS, _END, _APP0, _APP1, _APP2, _APP14, _COM = 0xDA, 0xD9, 0xE0, 0xE1, 0xE2, 0xEE, 0xFE
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
#: the marker behind the data of a scan: none of the bytes that may stand within
_SCAN_END = re.compile(rb"\xff(?![\x00\xd0-\xd7\xff])")


def _bare_jpeg(content: bytes) -> Bare:
    kept, size, exif = [_SOI], (0, 0), b""
    profile: dict[int, bytes] = {}
    for marker, segment in _jpeg_segments(content):
        data = segment[4:]
        if marker in _FRAMES:
            size = int.from_bytes(data[3:5]), int.from_bytes(data[1:3])
        if marker == _APP1 and data.startswith(b"Exif\0"):
            exif = exif or data
        elif marker == _APP2 and data.startswith(b"ICC_PROFILE\0"):
            profile.setdefault(data[12], data[14:])
        kept.append(_kept_of(marker, segment))
    icc = b"".join(profile[part] for part in sorted(profile))
    return Bare(content=b"".join(kept), size=size, icc=icc, exif=exif)


def _kept_of(marker: int, segment: bytes) -> bytes:
    if marker == _APP0:
        return _JFIF if segment[4:].startswith(b"JFIF\0") else b""
    if marker == _APP14 and segment[4:].startswith(b"Adobe"):  # says what the colours mean
        return b"\xff\xee\x00\x0e" + segment[4:16]
    return b"" if _APP0 <= marker < _APP0 + 16 or marker == _COM else segment


def _jpeg_segments(content: bytes) -> Iterator[tuple[int, bytes]]:
    """(marker, segment) up to the end of the picture; a scan has its data with it. Stray bytes between are left out."""
    at, marker = 2, 0
    while marker != _END:
        found = _SCAN_END.search(content, at)
        if found is None or found.end() >= len(content):
            raise damaged()
        at = found.start()
        marker = content[at + 1]
        end = at + 2
        if marker not in {_END, 0x01, 0xD8}:
            end += int.from_bytes(content[at + 2 : at + 4])
        if marker == _SOS:
            behind = _SCAN_END.search(content, end)
            end = behind.start() if behind else len(content) + 1
        if end > len(content):
            raise damaged()
        if marker not in {0x01, 0xD8}:
            yield marker, content[at:end]
        at = end


_GIF_TRAILER, _GIF_IMAGE = 0x3B, 0x2C
_LOOPING = (b"\x0bNETSCAPE2.0\x03\x01", b"\x0bANIMEXTS1.0\x03\x01")


def _bare_gif(content: bytes) -> Bare:
    at = 13 + _table_bytes(content[10])
    kept = [content[:at]]
    width, height = _pair(content, 6)
    frames = 0
    while at < len(content) and content[at] != _GIF_TRAILER:
        end = _gif_block_end(content, at)
        if content[at] == _GIF_IMAGE:
            (left, top), (wide, high) = _pair(content, at + 1), _pair(content, at + 5)
            width, height, frames = max(width, left + wide), max(height, top + high), frames + 1
        kept.append(_gif_kept(content[at:end]))
        at = end
    if not frames:
        raise damaged()
    return Bare(content=b"".join([*kept, bytes([_GIF_TRAILER])]), size=(width, height), frames=frames)


def _pair(content: bytes, at: int) -> tuple[int, int]:
    return int.from_bytes(content[at : at + 2], "little"), int.from_bytes(content[at + 2 : at + 4], "little")


def _table_bytes(flags: int) -> int:
    """Octets of the colour table that follows, if one does."""
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def _gif_block_end(content: bytes, at: int) -> int:
    match content[at]:
        case 0:  # some programs put one between blocks
            return at + 1
        case 0x21:
            at += 2
        case 0x2C:
            at += 11 + _table_bytes(content[at + 9])
        case _:
            raise damaged()
    while content[at]:
        at += 1 + content[at]
    return at + 1


def _gif_kept(block: bytes) -> bytes:
    """Frames, their timing, and how often they repeat."""
    if block[0] == _GIF_IMAGE or block.startswith(b"\x21\xf9"):
        return block
    if block.startswith(b"\x21\xff") and block[2:].startswith(_LOOPING):
        return block[:18] + b"\0"
    return b""


_BARE: Mapping[Kind, Callable[[bytes], Bare]] = {Kind.PNG: _bare_png, Kind.JPEG: _bare_jpeg, Kind.GIF: _bare_gif}
