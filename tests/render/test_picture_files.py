"""Files into published files: resized, bare of all but the picture, colours kept; whatever is hostile is refused."""

from __future__ import annotations

import tracemalloc
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image as Pillow
from PIL import ImageChops, ImageDraw, ImageSequence, PngImagePlugin

from newsletter.render.picture_cache import remembered
from newsletter.render.picture_files import MOST_ANIMATED_PIXELS, MOST_PIXELS, Fit, Made, made
from newsletter.render.picture_kinds import Fault
from tests.render.pictures import (
    SECRET,
    animated_gif,
    animated_png,
    encoded,
    exif,
    frames,
    jpeg_segment,
    opened,
    png_chunk,
    png_of_zeros,
    scene,
    srgb,
    wide,
)

WHOLE = Fit(pixels=5000)


def publish(content: bytes, fit: Fit = WHOLE) -> Made:
    result = made(content, fit)
    assert isinstance(result, Made), result
    return result


def refusal(content: bytes, fit: Fit = WHOLE) -> Fault:
    result = made(content, fit)
    assert isinstance(result, Fault)
    return result


def difference(one: Pillow.Image, other: Pillow.Image) -> int:
    """The largest difference of any sample, of both on the same ground."""
    pair = [picture.convert("RGBA") for picture in (one, other)]
    return max(ImageChops.difference(*pair).tobytes())


def mean_difference(one: Pillow.Image, other: Pillow.Image) -> float:
    samples = ImageChops.difference(one.convert("RGB"), other.convert("RGB")).tobytes()
    return sum(samples) / len(samples)


def colour(content: bytes, across: float, down: float) -> Any:
    picture = opened(content).convert("RGBA")
    return picture.getpixel((int(picture.width * across), int(picture.height * down)))


def close(one: Any, other: Any, most: int = 12) -> bool:
    return all(abs(a - b) <= most for a, b in zip(one, other, strict=True))


@pytest.mark.parametrize("form", ["JPEG", "PNG", "GIF"])
def test_a_picture_is_resized_to_its_place_and_never_enlarged(form: str) -> None:
    content = encoded(scene((800, 300)), form)
    assert opened(publish(content, Fit(pixels=400)).content).size == (400, 150)
    assert opened(publish(content, Fit(pixels=800)).content).size == (800, 300)
    assert opened(publish(content, Fit(pixels=2000)).content).size == (800, 300)
    assert publish(content, Fit(pixels=400)).natural == (800, 300)
    assert opened(publish(content, Fit(pixels=1)).content).size == (1, 1)


def test_a_portrait_fills_its_square_with_the_shorter_side() -> None:
    for size, wanted in (((800, 400), (288, 144)), ((400, 800), (144, 288)), ((100, 400), (100, 400))):
        assert opened(publish(encoded(scene(size), "PNG"), Fit(pixels=144, cover=True)).content).size == wanted


def test_the_name_holds_the_source_and_the_size() -> None:
    content = encoded(scene(), "PNG")
    names = [publish(content, Fit(pixels=pixels)).name for pixels in (100, 200, 400, 900)]
    assert names[2] == names[3]  # the same pixels in both places
    assert len(set(names)) == 3
    assert publish(encoded(scene((400, 202)), "PNG"), Fit(pixels=100)).name not in names


def test_the_same_file_and_place_give_the_same_bytes() -> None:
    for content in (encoded(scene(), "JPEG", exif=exif(6)), encoded(scene(), "PNG"), encoded(scene(), "GIF")):
        again = Fit(pixels=301)
        results = [made.__wrapped__(content, again) for _ in range(2)]  # type: ignore[attr-defined]
        assert results[0] == results[1]
        assert isinstance(results[0], Made)


@pytest.mark.parametrize("turned", range(1, 9))
@pytest.mark.parametrize("form", ["JPEG", "PNG"])
@pytest.mark.parametrize("fit", [WHOLE, Fit(pixels=120)])
def test_a_picture_taken_sideways_stands_upright(turned: int, form: str, fit: Fit) -> None:
    from PIL import ImageOps

    content = encoded(scene(), form, exif=exif(turned), quality=95)
    upright = ImageOps.exif_transpose(opened(content))
    result = publish(content, fit)
    assert result.natural == upright.size
    published = opened(result.content)
    assert not published.getexif()
    assert published.width == min(fit.pixels, upright.width)
    for across, down in ((0.25, 0.25), (0.75, 0.25), (0.25, 0.75), (0.75, 0.75)):
        there = upright.convert("RGBA").getpixel((int(upright.width * across), int(upright.height * down)))
        assert close(colour(result.content, across, down), there)


def burdened_jpeg() -> bytes:
    """Everything that hides in photos: EXIF, XMP, IPTC, a comment, a thumbnail, a second picture, a tail."""
    plain = encoded(scene(), "JPEG", quality=60, exif=exif(), comment=SECRET, icc_profile=srgb())
    extra = (
        jpeg_segment(0xE0, b"JFXX\x00\x10" + SECRET)
        + jpeg_segment(0xE1, b"http://ns.adobe.com/xap/1.0/\x00<x:xmpmeta>" + SECRET)
        + jpeg_segment(0xE2, b"MPF\x00" + SECRET)
        + jpeg_segment(0xED, b"Photoshop 3.0\x008BIM\x04\x04" + SECRET)
        + jpeg_segment(0xEE, b"Adobe\x00\x64\x00\x00\x00\x00\x01" + SECRET)
    )
    return plain[:2] + extra + plain[2:] + SECRET + encoded(scene((40, 20)), "JPEG")


def burdened_png() -> bytes:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Author", SECRET.decode())
    notes.add_text("Packed", SECRET.decode(), zip=True)
    notes.add_itxt("XML:com.adobe.xmp", SECRET.decode())
    plain = encoded(scene(), "PNG", pnginfo=notes, exif=exif(), icc_profile=srgb(), dpi=(300, 300))
    end = plain.rindex(b"IEND") - 4
    own = png_chunk(b"prVt", SECRET) + png_chunk(b"tIME", b"\x07\xea\x0b\x18\x10\x00\x00")
    return plain[:end] + own + plain[end:] + SECRET


def burdened_gif() -> bytes:
    plain = encoded(scene(), "GIF", comment=SECRET)
    xmp = b"\x21\xff\x0bXMP DataXMP" + bytes([len(SECRET)]) + SECRET + b"\x00"
    return plain[:-1] + xmp + b"\x3b" + SECRET


@pytest.mark.parametrize("content", [burdened_jpeg(), burdened_png(), burdened_gif()], ids=["jpeg", "png", "gif"])
@pytest.mark.parametrize("fit", [WHOLE, Fit(pixels=200)])
def test_nothing_but_the_picture_is_published(content: bytes, fit: Fit) -> None:
    assert SECRET in content
    result = publish(content, fit).content
    for trace in (SECRET, b"Exif", b"GPS", b"xmp", b"XMP", b"8BIM", b"ICC", b"iCCP", b"tEXt", b"MPF", b"JFXX", b"tIME"):
        assert trace not in result
    size = opened(result).size
    assert mean_difference(opened(result), scene().resize(size, Pillow.Resampling.LANCZOS)) < 4


def test_a_jpeg_of_the_right_size_keeps_its_very_pixels_unless_it_can_be_much_smaller() -> None:
    for quality in (40, 82):
        light = encoded(scene(), "JPEG", quality=quality, exif=exif(), comment=SECRET)
        result = publish(light).content
        assert len(result) < len(light)
        assert difference(opened(result), opened(light)) == 0
    heavy = encoded(scene(), "JPEG", quality=100, subsampling=0)
    assert len(publish(heavy).content) < len(heavy) * 0.9
    assert mean_difference(opened(publish(heavy).content), opened(heavy)) < 3


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA"])
def test_a_png_of_the_right_size_keeps_its_very_pixels(mode: str) -> None:
    content = encoded(scene((301, 77)).convert(mode), "PNG")
    result = publish(content).content
    assert len(result) <= len(content)
    assert opened(result).mode == mode
    assert difference(opened(result), opened(content)) == 0


def test_a_progressive_jpeg_and_a_grey_one_are_read_too() -> None:
    for content in (encoded(scene(), "JPEG", progressive=True), encoded(scene(mode="L"), "JPEG")):
        result = publish(content, Fit(pixels=100)).content
        assert opened(result).mode == opened(content).mode
        small = scene().convert(opened(content).mode).resize((100, 50), Pillow.Resampling.LANCZOS)
        assert mean_difference(opened(result), small) < 4


@pytest.mark.parametrize("icc", [b"", b"no profile at all", srgb()])
def test_cmyk_becomes_rgb(icc: bytes) -> None:
    content = encoded(scene(mode="CMYK"), "JPEG", quality=95, icc_profile=icc)
    for fit in (WHOLE, Fit(pixels=100)):
        result = publish(content, fit).content
        assert opened(result).mode == "RGB"
        assert close(colour(result, 0.25, 0.25)[:3], scene().getpixel((100, 50)), 20)
        assert close(colour(result, 0.75, 0.75)[:3], scene().getpixel((300, 150)), 20)


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P"])
@pytest.mark.parametrize("fit", [WHOLE, Fit(pixels=100)])
def test_a_profile_is_applied_and_dropped(mode: str, fit: Fit) -> None:
    plain, profiled = (encoded(scene().convert(mode), "PNG", icc_profile=icc) for icc in (srgb(), wide()))
    red, green, blue, _ = colour(publish(plain, fit).content, 0.25, 0.25)
    swapped = colour(publish(profiled, fit).content, 0.25, 0.25)
    assert close(swapped[:3], (green, red, blue), 20)
    assert "icc_profile" not in opened(publish(profiled, fit).content).info


def test_a_profile_that_means_srgb_leaves_the_pixels_alone() -> None:
    content = encoded(scene(), "JPEG", quality=50, icc_profile=srgb())
    assert difference(opened(publish(content).content), opened(content)) == 0


@pytest.mark.parametrize("icc", [b"", b"broken", srgb()[:200], b"\x00" * 500, wide()])
@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA"])
def test_a_broken_or_unfit_profile_harms_no_picture(icc: bytes, mode: str) -> None:
    content = encoded(scene().convert(mode), "PNG", icc_profile=icc)
    result = opened(publish(content, Fit(pixels=100)).content)
    grey = mode in {"1", "L", "LA"}
    assert result.mode in ({"L", "LA"} if grey else {"P", "RGB", "RGBA"})
    assert result.size == (100, 50)


def test_sixteen_bits_become_eight_with_the_same_greys() -> None:
    deep = scene(mode="L").convert("I").point(lambda value: value * 257).convert("I;16")
    for fit in (WHOLE, Fit(pixels=200)):
        result = opened(publish(encoded(deep, "PNG"), fit).content)
        assert result.mode == "L"
        assert difference(result, scene(mode="L").resize(result.size, Pillow.Resampling.LANCZOS)) <= 2


def deep_png(colour_type: int, samples: bytes, clear: bytes) -> bytes:
    """Two pixels beside each other in 16 bits."""
    import zlib

    header = (2).to_bytes(4) + (1).to_bytes(4) + bytes([16, colour_type, 0, 0, 0])
    chunks = ((b"IHDR", header), (b"tRNS", clear), (b"IDAT", zlib.compress(b"\0" + samples)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(png_chunk(name, data) for name, data in chunks)


def test_a_clear_colour_of_sixteen_bits_stays_clear() -> None:
    rgb = deep_png(2, b"\xff\xff\x00\x00\x80\x00" + b"\x10\x00\x20\x00\x30\x00", b"\xff\xff\x00\x00\x80\x00")
    grey = deep_png(0, b"\xff\xff" + b"\x10\x00", b"\xff\xff")
    for content, solid in ((rgb, (16, 32, 48, 255)), (grey, (16, 16, 16, 255))):
        result = opened(publish(content).content).convert("RGBA")
        assert result.getpixel((0, 0))[3] == 0  # type: ignore[index]
        assert result.getpixel((1, 0)) == solid


@pytest.mark.parametrize("form", ["PNG", "GIF"])
def test_what_is_clear_in_a_palette_stays_clear_and_never_gets_black(form: str) -> None:
    picture = scene().quantize(16)
    index = picture.getpixel((399, 199))
    content = encoded(picture, form, transparency=index)
    for fit in (WHOLE, Fit(pixels=150)):
        result = publish(content, fit).content
        assert colour(result, 0.99, 0.99)[3] == 0
        assert close(colour(result, 0.25, 0.25), (*picture.convert("RGB").getpixel((100, 50)), 255))  # type: ignore[misc]


def test_half_clear_edges_do_not_get_dark() -> None:
    picture = Pillow.new("RGBA", (400, 200), (0, 0, 0, 0))
    picture.paste((255, 200, 100, 255), (100, 50, 300, 150))
    result = opened(publish(encoded(picture, "PNG"), Fit(pixels=133)).content)
    assert result.mode == "RGBA"
    seen = [pixel for _, pixel in result.getcolors(99999) or () if isinstance(pixel, tuple) and pixel[3] > 40]
    assert {pixel[0] for pixel in seen} == {255}
    assert min(pixel[1] for pixel in seen) > 190
    assert min(pixel[2] for pixel in seen) > 90


def test_an_alpha_channel_that_hides_nothing_is_left_out_when_resizing() -> None:
    content = encoded(scene(mode="RGBA"), "PNG")
    assert opened(publish(content, Fit(pixels=100)).content).mode == "RGB"


def test_a_palette_stays_one_where_that_is_smaller() -> None:
    drawing = Pillow.new("P", (1200, 600), 0)
    drawing.putpalette([255, 255, 255, 200, 60, 60, 11, 110, 79])
    for number in range(1, 9):
        ImageDraw.Draw(drawing).ellipse((number * 100, 50, number * 100 + 300, 500), outline=1 + number % 2, width=9)
    result = publish(encoded(drawing, "PNG"), Fit(pixels=500))
    full = encoded(drawing.convert("RGB").resize((500, 250), Pillow.Resampling.LANCZOS), "PNG", optimize=True)
    assert len(result.content) <= len(full)
    assert opened(result.content).mode == "P"


def timing(content: bytes) -> list[tuple[Any, Any]]:
    picture = Pillow.open(BytesIO(content))
    return [(frame.info.get("duration"), frame.convert("RGB").tobytes()) for frame in ImageSequence.Iterator(picture)]


@pytest.mark.parametrize(("content", "ending"), [(animated_gif(), "gif"), (animated_png(), "png")], ids=["gif", "png"])
def test_an_animation_keeps_every_frame_its_timing_and_its_repeating(content: bytes, ending: str) -> None:
    result = publish(content, Fit(pixels=50))
    assert result.name.endswith(ending)
    assert result.natural == (200, 100)
    assert len(timing(result.content)) == 4
    assert timing(result.content) == timing(content)
    assert Pillow.open(BytesIO(result.content)).info["loop"] == Pillow.open(BytesIO(content)).info["loop"]
    assert SECRET not in result.content


def test_a_gif_that_lacks_only_its_last_byte_is_read() -> None:
    assert publish(animated_gif()[:-1]).content == publish(animated_gif()).content


def test_a_photo_of_a_phone_with_several_pictures_in_it_is_a_jpeg() -> None:
    content = encoded(scene(), "MPO", save_all=True, append_images=[scene((40, 20))])
    assert Pillow.open(BytesIO(content)).format == "MPO"
    result = publish(content)
    assert (result.media_type, opened(result.content).format) == ("image/jpeg", "JPEG")
    assert opened(result.content).size == (400, 200)


BOMBS = {
    "png": png_of_zeros(30_000, 30_000),
    "long png": png_of_zeros(100, 700_000),
    "huge header": b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", b"\xff\xff\xff\xff" * 2 + b"\x08\x02\0\0\0"),
    "gif of many frames": animated_gif()[:-1] + (b"\x2c\0\0\0\0\xff\x0f\xff\x0f\0\x02\x02\x4c\x01\0") * 5000,
    "gif of one frame too large": b"GIF89a\xff\xff\xff\xff\0\0\0" + b"\x2c\0\0\0\0\x01\0\x01\0\0\x02\x02\x4c\x01\0\x3b",
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_without_being_unpacked(name: str) -> None:
    tracemalloc.start()
    fault = refusal(BOMBS[name])
    used = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert fault.code in {"image-too-large", "image-unreadable"}
    assert used < 3_000_000
    if name != "huge header":
        assert fault.code == "image-too-large"
        assert "million" in fault.what


def test_the_limits_are_what_they_say() -> None:
    width = 10_000
    assert refusal(png_of_zeros(width, MOST_PIXELS // width + 1)).code == "image-too-large"
    assert publish(png_of_zeros(width, MOST_PIXELS // width // 10), Fit(pixels=100)).natural == (width, 600)
    first, *others = frames(3, (100, 100))
    gif = encoded(first, "GIF", save_all=True, append_images=others)
    assert MOST_ANIMATED_PIXELS > 3 * 100 * 100
    assert publish(gif).natural == (100, 100)


def test_a_jpeg_with_a_second_header_that_lies_is_refused() -> None:
    plain = encoded(scene(), "JPEG")
    start = plain.index(b"\xff\xc0")
    lie = bytearray(plain[start : start + 19])
    lie[5:9] = (2).to_bytes(2) * 2
    assert refusal(plain[:start] + bytes(lie) + plain[start:]).code == "image-unreadable"
    assert refusal(plain[:-2] + bytes(lie) + plain[-2:]).code == "image-unreadable"


@pytest.mark.parametrize(
    "content",
    [encoded(scene(), "JPEG"), encoded(scene(), "JPEG", progressive=True), encoded(scene(), "PNG"), animated_gif()],
    ids=["jpeg", "progressive", "png", "gif"],
)
@pytest.mark.parametrize("share", [0.02, 0.3, 0.7, 0.99])
def test_a_file_that_ends_too_early_is_refused(content: bytes, share: float) -> None:
    fault = refusal(content[: int(len(content) * share)])
    assert (fault.code, "damaged" in fault.what) == ("image-unreadable", True)


def test_a_file_that_is_two_things_at_once_is_only_an_image_afterwards() -> None:
    archive = b"PK\x03\x04" + b"x" * 50 + b"PK\x05\x06" + b"\0" * 18
    script = b"<script>alert(1)</script>"
    for content in (encoded(scene(), "PNG"), encoded(scene(), "JPEG"), animated_gif(), encoded(scene(), "GIF")):
        result = publish(content + archive + script).content
        assert b"PK\x05\x06" not in result
        assert script not in result
        assert result == publish(content).content


KINDS = {
    "webp": (encoded(scene(), "WEBP"), "WebP", "JPEG"),
    "avif": (encoded(scene((64, 64)), "AVIF"), "AVIF", "JPEG"),
    "tiff": (encoded(scene(), "TIFF"), "TIFF", "JPEG"),
    "bmp": (encoded(scene(), "BMP"), "BMP", "JPEG"),
    "ico": (encoded(scene((32, 32)), "ICO"), "ICO", "JPEG"),
    "jpeg 2000": (encoded(scene(), "JPEG2000"), "JPEG 2000", "JPEG"),
    "pdf": (encoded(scene(), "PDF"), "PDF", "PNG"),
    "heic": (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIC", "JPEG"),
    "other heic": (b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic", "HEIC", "JPEG"),
    "avif by its brands": (b"\0\0\0\x18ftypmif1\0\0\0\0avifmif1", "AVIF", "JPEG"),
    "film": (b"\0\0\0\x18ftypisom\0\0\0\0", "film", "GIF"),
    "svg": (b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- x -->\n<svg xmlns="http://www.w3.org/2000/svg">', "SVG", "PNG"),
    "page": (b"\n<!DOCTYPE html><html><svg></svg>", "web page", "browser"),
    "pointer": (b"version https://git-lfs.github.com/spec/v1\n", "Git LFS", "git lfs pull"),
    "office": (b"PK\x03\x04....", "office", "PNG"),
    "photoshop": (b"8BPS\0\x01", "Photoshop", "JPEG"),
    "nothing": (b"", "empty", "PNG"),
    "zeros": (b"\0" * 5000, "zeros", "PNG"),
    "words": (b"Dear readers", "not an image", "PNG"),
}


@pytest.mark.parametrize("name", KINDS)
def test_another_kind_of_file_is_called_by_its_name(name: str) -> None:
    content, called, instead = KINDS[name]
    fault = refusal(content)
    assert fault.code == "image-type"
    assert called in fault.what
    assert instead in fault.fix


SEEDS = [
    encoded(scene((40, 20)), "JPEG", exif=exif(6), icc_profile=srgb()),
    encoded(scene((40, 20), "CMYK"), "JPEG"),
    encoded(scene((40, 20)), "JPEG", progressive=True),
    encoded(scene((40, 20)).quantize(8), "PNG", transparency=1, icc_profile=wide(), exif=exif(3)),
    encoded(scene((40, 20), "RGBA"), "PNG"),
    encoded(frames(3, (40, 20))[0], "GIF", save_all=True, append_images=frames(3, (40, 20))[1:]),
    encoded(frames(3, (40, 20))[0], "PNG", save_all=True, append_images=frames(3, (40, 20))[1:]),
]
PLACES = st.builds(Fit, pixels=st.sampled_from([1, 7, 30, 500]), cover=st.booleans())


@settings(deadline=None, max_examples=150)
@given(
    seed=st.sampled_from(SEEDS),
    changes=st.lists(st.tuples(st.integers(0, 10_000), st.binary(max_size=6)), max_size=5),
    cut=st.integers(0, 10_000) | st.none(),
    fit=PLACES,
)
def test_no_damage_to_a_file_is_more_than_a_problem(
    seed: bytes, changes: list[tuple[int, bytes]], cut: int | None, fit: Fit
) -> None:
    content = bytearray(seed)
    for at, new in changes:
        content[at % len(seed) : at % len(seed) + len(new)] = new
    harmless(bytes(content[:cut]), fit)


@settings(deadline=None, max_examples=100)
@given(
    start=st.sampled_from([b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF89a", b"RIFF", b"<svg", b"\0\0\0\x0cftyp"]),
    rest=st.binary(max_size=300),
    fit=PLACES,
)
def test_any_bytes_are_an_image_or_a_problem(start: bytes, rest: bytes, fit: Fit) -> None:
    harmless(start + rest, fit)


def harmless(content: bytes, fit: Fit) -> None:
    match made(content, fit):
        case Fault(code, what, fix):
            assert code in {"image-type", "image-unreadable", "image-too-large"}
            assert what
            assert fix
        case Made(content=result, media_type=media_type):
            assert opened(result).format == media_type.removeprefix("image/").upper()


def test_a_result_is_remembered_and_old_ones_are_forgotten() -> None:
    calls: list[tuple[bytes, int]] = []

    def make(content: bytes, rule: int) -> bytes:
        calls.append((content, rule))
        return content

    look_up = remembered(make, room=25_000)
    for rule in (1, 1, 2, 1):
        assert look_up(b"a", rule) == b"a"
    assert calls == [(b"a", 1), (b"a", 2)]
    look_up(b"b", 1)  # now (a, 2), the one that was not used for the longest time, has to go
    look_up(b"a", 1)
    look_up(b"a", 2)
    assert calls[2:] == [(b"b", 1), (b"a", 2)]
