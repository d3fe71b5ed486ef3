"""Image files for tests, made by Pillow: pictures with something in them, and what hides in files beside a picture."""

from __future__ import annotations

import io
import zlib
from typing import Any

from PIL import Image as Pillow
from PIL import ImageCms, ImageDraw

#: what must never be published
SECRET = b"a secret of the author"
_GPS, _ORIENTATION, _ARTIST = 0x8825, 274, 315


def scene(size: tuple[int, int] = (400, 200), mode: str = "RGB") -> Pillow.Image:
    """Red above left, green above right, blue below left, white below right, and a slope over all of it."""
    width, height = size
    picture = Pillow.new("RGB", size, "white")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 0, width // 2 - 1, height // 2 - 1), fill=(220, 30, 30))
    draw.rectangle((width // 2, 0, width, height // 2 - 1), fill=(30, 200, 30))
    draw.rectangle((0, height // 2, width // 2 - 1, height), fill=(30, 30, 220))
    slope = Pillow.linear_gradient("L").resize(size).convert("RGB")
    return Pillow.blend(picture, slope, 0.1).convert(mode)


def encoded(picture: Pillow.Image, form: str, **options: Any) -> bytes:
    file = io.BytesIO()
    picture.save(file, form, **options)
    return file.getvalue()


def opened(content: bytes) -> Pillow.Image:
    picture = Pillow.open(io.BytesIO(content))
    picture.load()
    return picture


def exif(turned: int = 1) -> Pillow.Exif:
    """As a phone writes it: where the photo was taken, by whom, how the phone was held."""
    data = Pillow.Exif()
    data[_ORIENTATION] = turned
    data[_ARTIST] = SECRET.decode()
    data[_GPS] = {1: "N", 2: (52.0, 31.0, 12.0), 3: "E", 4: (13.0, 24.0, 18.0)}
    return data


def srgb() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def wide() -> bytes:
    """A profile of larger gamut than sRGB: the sRGB one with its red and green swapped, which nobody can overlook."""
    profile = bytearray(srgb())
    count = int.from_bytes(profile[128:132])
    entries = {profile[at : at + 4].decode(): at for at in range(132, 132 + 12 * count, 12)}
    red, green = entries["rXYZ"], entries["gXYZ"]
    profile[red : red + 4], profile[green : green + 4] = profile[green : green + 4], profile[red : red + 4]
    return bytes(profile)


def jpeg_segment(marker: int, data: bytes) -> bytes:
    return bytes([0xFF, marker]) + (len(data) + 2).to_bytes(2) + data


def png_chunk(name: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4) + name + data + zlib.crc32(name + data).to_bytes(4)


def png_of_zeros(width: int, height: int) -> bytes:
    """A black picture of any size in some hundred kilobytes, made without holding it in memory."""
    packing = zlib.compressobj(1)
    row = bytes(1 + (width + 7) // 8)
    many, rest = divmod(height, 100)
    packed = b"".join(packing.compress(row * lines) for lines in (*[100] * many, rest)) + packing.flush()
    header = width.to_bytes(4) + height.to_bytes(4) + b"\x01\x00\x00\x00\x00"
    chunks = ((b"IHDR", header), (b"IDAT", packed), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(png_chunk(name, data) for name, data in chunks)


def frames(count: int = 4, size: tuple[int, int] = (200, 100)) -> list[Pillow.Image]:
    found = []
    for number in range(count):
        picture = scene(size)
        ImageDraw.Draw(picture).ellipse((number * 20, 20, number * 20 + 40, 60), fill=(10, 10, 10))
        found.append(picture)
    return found


def animated_gif(**options: Any) -> bytes:
    first, *others = frames()
    given: dict[str, Any] = {"duration": [100, 250, 70, 1000], "loop": 3, "comment": SECRET} | options
    return encoded(first, "GIF", save_all=True, append_images=others, **given)


def animated_png() -> bytes:
    first, *others = frames()
    return encoded(first, "PNG", save_all=True, append_images=others, duration=120, loop=2)
