"""Images beside an issue: found, made for their place, named by a hash, or refused with a reason."""

from __future__ import annotations

import errno
import os
import re
import unicodedata
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image as Pillow

from newsletter.model.problem import Level
from newsletter.render.images import Images
from tests.render.dom import tree
from tests.render.issues import at, paragraph, rendering, save_image, tag, typed
from tests.render.pictures import png_of_zeros

if TYPE_CHECKING:
    from pathlib import Path

    from newsletter.model.problem import Problem


def find(folder: Path, name: str, widest: int = 536) -> tuple[Images, str]:
    images = Images(folder, "https://news.example.org")
    picture = images.picture((name,), at(7), widest)
    return images, picture.url if picture else ""


@pytest.mark.parametrize(
    ("form", "ending", "kind"), [("PNG", "png", "png"), ("JPEG", "jpg", "jpeg"), ("GIF", "gif", "gif")]
)
def test_an_image_is_published_under_a_name_that_holds_a_hash(
    form: str, ending: str, kind: str, tmp_path: Path
) -> None:
    save_image(tmp_path / "pictures" / "a knee.img", (800, 300), form=form)
    images, url = find(tmp_path, "pictures/a%20knee.img")
    (file,) = images.files.values()
    assert url == f"https://news.example.org/i/{file.name}"
    assert re.fullmatch(rf"[0-9a-f]{{16}}\.{ending}", file.name)
    assert (file.media_type, file.source) == (f"image/{kind}", "pictures/a%20knee.img")
    assert Pillow.open(BytesIO(file.content)).size == (800, 300)


def test_each_size_of_an_image_is_a_file_of_twice_that_many_pixels(tmp_path: Path) -> None:
    save_image(tmp_path / "a.jpg", (1600, 400), form="JPEG")
    images = Images(tmp_path, "https://news.example.org")
    urls = [images.picture(("a.jpg",), at(1), widest) for widest in (100, 300, 300, 800, 900)]
    assert len({picture.url for picture in urls if picture}) == len(images.files) == 3
    widths = [Pillow.open(BytesIO(file.content)).width for file in images.files.values()]
    assert widths == [200, 600, 1600]


def test_an_image_elsewhere_stays_where_it_is(tmp_path: Path) -> None:
    images, url = find(tmp_path, "https://example.org/knee.png")
    assert url == "https://example.org/knee.png"
    assert images.files == {}


def refused(folder: Path, name: str) -> Problem:
    images, url = find(folder, name)
    assert url == ""
    assert images.files == {}
    (problem,) = images.problems
    assert problem.level is Level.ERROR
    assert problem.place == at(7)
    return problem


def test_what_cannot_be_an_image_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "issue"
    save_image(tmp_path / "secret.png")
    save_image(folder / "photo.webp", form="WEBP")
    (folder / "words.png").write_text("no image")
    whole = tmp_path / "secret.png"
    (folder / "cut.png").write_bytes(whole.read_bytes()[:400])
    (folder / "out.png").symlink_to(whole)
    (folder / "round.png").symlink_to(folder / "round.png")
    (folder / "nowhere.png").symlink_to(folder / "none")
    (folder / "big.png").write_bytes(b"\0" * 20_000_001)
    (folder / "empty.png").touch()
    wanted = {
        "none.png": "image-missing",
        "../secret.png": "image-outside",
        "a/../../secret.png": "image-outside",
        "..%2Fsecret.png": "image-outside",
        str(whole): "image-outside",
        "out.png": "image-outside",
        "round.png": "image-unreadable",
        "nowhere.png": "image-unreadable",
        "photo.webp": "image-type",
        "words.png": "image-type",
        "empty.png": "image-type",
        "cut.png": "image-unreadable",
        "big.png": "image-too-large",
        "a\0b.png": "image-missing",
        "%00": "image-missing",
        "x" * 5000: "image-missing",
        "data:image/png;base64,AAAA": "image-missing",
        ".": "image-missing",
        "cut.png/x.png": "image-missing",
    }
    assert {name: refused(folder, name).code for name in wanted} == wanted


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such files")
def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.png")
    assert refused(tmp_path, "pipe.png").code == "image-missing"


def test_a_folder_is_told_apart_from_a_file_and_what_is_in_it_is_named(tmp_path: Path) -> None:
    save_image(tmp_path / "pictures" / "knee.png")
    (tmp_path / "none").mkdir()
    problem = refused(tmp_path, "pictures")
    assert (problem.code, problem.fix) == ("image-missing", "Name the file in it, such as `pictures/knee.png`.")
    assert "is a folder" in problem.message
    assert refused(tmp_path, "none").fix == "Name a file."


@pytest.mark.parametrize("name", ["knee.png", "pictures/knee.PNG", "PICTURES/Knee.PNG", "./pictures/knee.PNG"])
def test_other_capital_letters_than_on_the_disk_are_told_with_the_right_spelling(name: str, tmp_path: Path) -> None:
    save_image(tmp_path / "pictures" / "Knee.PNG")
    save_image(tmp_path / "Knee.png")
    problem = refused(tmp_path, name)
    assert problem.code == "image-name-case"
    assert problem.fix == ("Write `pictures/Knee.PNG`." if "/" in name else "Write `Knee.png`.")


def test_the_exact_spelling_goes_before_one_that_is_only_alike(tmp_path: Path) -> None:
    save_image(tmp_path / "Knee.png", (100, 10))
    save_image(tmp_path / "knee.png", (50, 10))
    images, _ = find(tmp_path, "knee.png")
    (file,) = images.files.values()
    assert Pillow.open(BytesIO(file.content)).width == 50


def test_letters_put_together_otherwise_are_the_same_letters(tmp_path: Path) -> None:
    save_image(tmp_path / unicodedata.normalize("NFD", "hüfte.png"))
    assert find(tmp_path, unicodedata.normalize("NFC", "hüfte.png"))[1]
    assert find(tmp_path, "h%C3%BCfte.png")[1]


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("kneee.png", "knee.png"),
        ("knee.jpg", "knee.png"),
        ("hip.jpg", "photos/2026/hip.jpg"),
        ("photos/hip.jpg", "photos/2026/hip.jpg"),
        ("photos/2026/hpi.jpg", "photos/2026/hip.jpg"),
        ("hipp.jpg", "photos/2026/hip.jpg"),
    ],
)
def test_a_missing_image_comes_with_the_one_that_may_be_meant(name: str, meant: str, tmp_path: Path) -> None:
    save_image(tmp_path / "knee.png")
    save_image(tmp_path / "photos" / "2026" / "hip.jpg", form="JPEG")
    assert refused(tmp_path, name).fix == f"Did you mean `{meant}`?"


def test_a_missing_image_that_is_like_none_is_to_be_put_there(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").touch()
    assert refused(tmp_path, "quite-different.png").fix == "Put the file into the issue's folder, or correct the name."
    assert refused(tmp_path / "gone", "knee.png").code == "image-missing"


def test_a_file_that_may_not_be_read_is_told_as_that(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save_image(tmp_path / "a.png")

    def forbidden(*_: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(type(tmp_path), "open", forbidden)
    problem = refused(tmp_path, "a.png")
    assert problem.code == "image-unreadable"
    assert "Permission denied" in problem.message


def test_an_image_of_too_many_pixels_is_refused(tmp_path: Path) -> None:
    (tmp_path / "huge.png").write_bytes(png_of_zeros(20_000, 20_000))
    problem = refused(tmp_path, "huge.png")
    assert problem.code == "image-too-large"
    assert "20,000 by 20,000 pixels" in problem.message


def test_a_field_of_the_reader_in_an_image_is_refused(tmp_path: Path) -> None:
    images = Images(tmp_path, "https://news.example.org")
    assert images.picture(("a-", tag()), at(1), 536) is None
    assert [problem.code for problem in images.problems] == ["image-source"]


def test_each_image_is_told_once_and_stored_once(tmp_path: Path) -> None:
    save_image(tmp_path / "a.png")
    images = Images(tmp_path, "https://news.example.org")
    for name, widest in (("a.png", 536), ("a.png", 536), ("b.png", 536), ("b.png", 72)):
        images.picture((name,), at(1), widest)
    assert len(images.files) == len(images.problems) == 1


def sizes(folder: Path, **attributes: Any) -> tuple[str | None, str | None]:
    figure = typed("figure", paragraph("x"), src="a.png", alt="a", **attributes)
    (image,) = tree(rendering(figure, folder=folder)).xpath("//img")
    return image.get("width"), image.get("height")


def test_a_figure_is_never_wider_than_natural_than_asked_or_than_its_column(tmp_path: Path) -> None:
    save_image(tmp_path / "a.png", (1072, 400))
    assert sizes(tmp_path) == ("536", "200")
    assert sizes(tmp_path, width="300px") == ("300", "112")
    assert sizes(tmp_path, width="2000") == ("536", "200")
    save_image(tmp_path / "a.png", (100, 1))
    assert sizes(tmp_path, width="300") == ("100", "1")


def test_a_picture_taken_sideways_has_its_upright_size(tmp_path: Path) -> None:
    picture = Pillow.new("RGB", (400, 200))
    exif = Pillow.Exif()
    exif[274] = 6
    picture.save(tmp_path / "a.png", "JPEG", exif=exif)
    assert sizes(tmp_path) == ("200", "400")


def test_an_image_too_small_for_its_place_is_shown_smaller_and_told(tmp_path: Path) -> None:
    def told(pixels: int, **attributes: Any) -> list[tuple[str, Level]]:
        save_image(tmp_path / "a.png", (pixels, 100))
        mail = rendering(typed("figure", src="a.png", alt="a", **attributes), folder=tmp_path)
        assert all(str(pixels) in problem.message for problem in mail.problems)
        return [(problem.code, problem.level) for problem in mail.problems]

    assert told(536) == told(200) == told(300, width="300") == []
    assert told(299, width="300") == told(20, width="300") == [("image-small", Level.WARNING)]
    assert told(535) == told(300) == [("image-small", Level.INFORMATION)]


def test_a_portrait_too_small_for_its_place_is_told(tmp_path: Path) -> None:
    for side, codes in ((72, []), (71, ["image-small"])):
        save_image(tmp_path / "face.png", (side, side))
        mail = rendering(typed("author", name="Ann", src="face.png"), folder=tmp_path)
        assert [problem.code for problem in mail.problems] == codes


def test_a_portrait_has_twice_the_pixels_of_its_place(tmp_path: Path) -> None:
    save_image(tmp_path / "face.png", (900, 880))
    mail = rendering(typed("author", name="Ann", src="face.png"), folder=tmp_path)
    assert [Pillow.open(BytesIO(file.content)).size for file in mail.images] == [(147, 144)]


def test_a_picture_in_a_column_is_sharp_on_a_phone_where_columns_stand_below_each_other(tmp_path: Path) -> None:
    save_image(tmp_path / "a.png", (1600, 400))
    cases: list[tuple[dict[str, Any], int, bool]] = [({}, 800, True), ({"width": "100"}, 200, False)]
    for attributes, pixels, grows in cases:
        column = typed("column", typed("figure", src="a.png", alt="a", **attributes))
        mail = rendering(typed("columns", column, typed("column", paragraph("x"))), folder=tmp_path)
        assert [Pillow.open(BytesIO(file.content)).width for file in mail.images] == [pixels]
        (image,) = tree(mail).xpath("//img")
        assert ("grows" in (image.get("class") or "")) is grows


def test_a_small_picture_in_a_column_is_not_enlarged_on_a_phone(tmp_path: Path) -> None:
    save_image(tmp_path / "a.png", (300, 100))
    column = typed("column", typed("figure", src="a.png", alt="a"))
    (image,) = tree(rendering(typed("columns", column, column), folder=tmp_path)).xpath("(//img)[1]")
    assert "grows" not in (image.get("class") or "")


def test_a_second_rendering_decodes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save_image(tmp_path / "a.png", (1203, 501))
    figure = typed("figure", src="a.png", alt="a")
    first = rendering(figure, folder=tmp_path)
    monkeypatch.setattr("newsletter.render.picture_files.bare", None)
    assert rendering(figure, folder=tmp_path).images == first.images


def test_a_width_that_is_no_number_is_a_problem_and_the_image_still_shows(tmp_path: Path) -> None:
    save_image(tmp_path / "a.png")
    mail = rendering(typed("figure", src="a.png", alt="a", width="half"), folder=tmp_path)
    assert [problem.code for problem in mail.problems] == ["image-width"]
    assert len(mail.images) == 1


def test_a_missing_figure_shows_its_alternative_text(tmp_path: Path) -> None:
    mail = rendering(typed("figure", src="none.png", alt="A knee"), folder=tmp_path)
    assert [problem.code for problem in mail.problems] == ["image-missing"]
    assert "[A knee]" in tree(mail).text_content()


def test_an_empty_source_was_told_by_reading(tmp_path: Path) -> None:
    images, url = find(tmp_path, "")
    assert (url, images.problems) == ("", [])
