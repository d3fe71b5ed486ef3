"""Images beside an issue: found, measured, named by their bytes, or refused with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image as Pillow

from newsletter.model.problem import Level
from newsletter.render.images import Images
from tests.render.dom import tree
from tests.render.issues import at, paragraph, rendering, save_image, tag, typed

if TYPE_CHECKING:
    from pathlib import Path


def find(folder: Path, name: str) -> tuple[Images, str]:
    images = Images(folder, "https://news.example.org")
    picture = images.picture((name,), at(7))
    return images, picture.url if picture else ""


@pytest.mark.parametrize(
    ("form", "ending", "kind"), [("PNG", "png", "png"), ("JPEG", "jpg", "jpeg"), ("GIF", "gif", "gif")]
)
def test_an_image_is_published_under_the_hash_of_its_bytes(form: str, ending: str, kind: str, tmp_path: Path) -> None:
    save_image(tmp_path / "pictures" / "a knee.img", form=form)
    images, url = find(tmp_path, "pictures/a%20knee.img")
    (file,) = images.files.values()
    assert url == f"https://news.example.org/i/{file.name}"
    assert file.name.endswith(f".{ending}")
    assert len(file.name.partition(".")[0]) == 16
    assert file.media_type == f"image/{kind}"
    assert file.content == (tmp_path / "pictures" / "a knee.img").read_bytes()


def test_an_image_elsewhere_stays_where_it_is(tmp_path: Path) -> None:
    images, url = find(tmp_path, "https://example.org/knee.png")
    assert url == "https://example.org/knee.png"
    assert images.files == {}


def refused(folder: Path, name: str) -> str:
    images, url = find(folder, name)
    assert url == ""
    (problem,) = images.problems
    assert problem.level is Level.ERROR
    assert problem.place == at(7)
    return problem.code


def test_what_cannot_be_an_image_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "issue"
    save_image(tmp_path / "secret.png")
    save_image(folder / "photo.webp", form="WEBP")
    (folder / "words.png").write_text("no image")
    whole = tmp_path / "secret.png"
    (folder / "cut.png").write_bytes(whole.read_bytes()[:400])
    (folder / "out.png").symlink_to(whole)
    (folder / "big.png").write_bytes(b"\0" * 5_000_001)
    assert refused(folder, "none.png") == "image-missing"
    assert refused(folder, "../secret.png") == "image-outside"
    assert refused(folder, str(whole)) == "image-outside"
    assert refused(folder, "out.png") == "image-outside"
    assert refused(folder, "photo.webp") == "image-unreadable"
    assert refused(folder, "words.png") == "image-unreadable"
    assert refused(folder, "cut.png") == "image-unreadable"
    assert refused(folder, "big.png") == "image-too-large"
    assert refused(folder, "a\0b.png") == "image-missing"
    assert refused(folder, "x" * 5000) == "image-missing"
    assert refused(folder, "data:image/png;base64,AAAA") == "image-missing"


@pytest.mark.parametrize("side", [7000, 20000])
def test_an_image_of_too_many_pixels_is_refused(side: int, tmp_path: Path) -> None:
    Pillow.new("1", (side, side)).save(tmp_path / "huge.png")
    assert refused(tmp_path, "huge.png") == "image-too-large"


def test_a_field_of_the_reader_in_an_image_is_refused(tmp_path: Path) -> None:
    images = Images(tmp_path, "https://news.example.org")
    assert images.picture(("a-", tag()), at(1)) is None
    assert [problem.code for problem in images.problems] == ["image-personal"]


def test_each_image_is_told_once_and_stored_once(tmp_path: Path) -> None:
    save_image(tmp_path / "a.png")
    images = Images(tmp_path, "https://news.example.org")
    for name in ("a.png", "a.png", "b.png", "b.png"):
        images.picture((name,), at(1))
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
