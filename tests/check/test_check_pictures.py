"""The rules about pictures: alt texts as authors write them in a file, weights as readers fetch them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PIL import Image as Pillow

from newsletter.check import check_issue
from newsletter.check.written.pictures import ALT_MOST
from newsletter.model.problem import Level
from newsletter.model.rendered import ImageFile
from newsletter.read import read_issue
from tests.check.checking import check_rendered
from tests.check.test_check_issue import SETTINGS
from tests.render.issues import paragraph, rendering, save_image, typed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from newsletter.model.problem import Problem

FRONT = "---\ntitle: Hips\npreheader: What we know about hips and what we would like to know\n---\n"
FIGURE = '::: figure src="a.png" {}\n:::'


def problems(folder: Path, body: str) -> list[Problem]:
    """What reading and checking say about pictures."""
    Pillow.new("RGB", (4, 4)).save(folder / "a.png")
    file = folder / "issue.md"
    file.write_text(f"{FRONT}Words.\n\n{body}\n", "utf-8")
    reading = read_issue(file, SETTINGS, lambda _: ({}, []))
    assert reading.issue is not None
    return [*reading.problems, *check_issue(reading.issue, (), SETTINGS)]


def told(folder: Path, body: str) -> list[tuple[str, Level]]:
    return [(problem.code, problem.level) for problem in problems(folder, body)]


@pytest.mark.parametrize(
    "body",
    ["![](a.png)", "See ![](a.png) here.", "- ![  ](a.png)\n- Two", "**![](a.png)**", "| a |\n| --- |\n| ![](a.png) |"],
)
def test_a_markdown_image_without_alt_text_is_told_at_its_place(body: str, tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, body)
    assert (problem.code, problem.level) == ("image-alt-missing", Level.WARNING)
    assert (problem.place.line, problem.place.column) in {(7, 1), (7, 3), (7, 5), (9, 3)}
    assert 'alt=""' in problem.fix


@pytest.mark.parametrize(
    "body",
    ["![A knee from the side](a.png)", FIGURE.format('alt=""'), FIGURE.format('alt="A knee"'), "![A knee](a.png) here"],
)
def test_an_alt_text_or_a_decision_against_one_is_fine(body: str, tmp_path: Path) -> None:
    assert told(tmp_path, body) == []


@pytest.mark.parametrize("body", ["[![](a.png)](https://example.org)", "See [![](a.png)](https://example.org) here"])
def test_a_link_of_nothing_but_a_nameless_image_is_told_once(body: str, tmp_path: Path) -> None:
    assert told(tmp_path, body) == [("link-text-empty", Level.ERROR)]


def test_a_linked_image_beside_words_of_the_link_needs_an_alt_text_as_well(tmp_path: Path) -> None:
    assert told(tmp_path, "See [here ![](a.png)](https://example.org)") == [("image-alt-missing", Level.WARNING)]


@pytest.mark.parametrize("body", ["![](http://example.org/a.png)", "Here: ![](http://example.org/a.png)"])
def test_an_image_that_is_not_fetched_safely_is_told_once(body: str, tmp_path: Path) -> None:
    assert told(tmp_path, body) == [("image-source", Level.ERROR)]


@pytest.mark.parametrize(
    "alt",
    ["a.png", "Picture", "photo.", "BILD", "fotografía", "תמונה", "IMG_2034", "my knee.JPG", "DSC 0042", "Chart",
     "Screenshot 2026-11-20 at 10.33.12", "Bildschirmfoto 2026-11-20 um 10.33"],
)  # fmt: skip
@pytest.mark.parametrize("form", ["![{}](a.png)", "Here ![{}](a.png)", '::: figure src="a.png" alt="{}"\n:::'])
def test_an_alt_text_that_says_nothing_is_told(alt: str, form: str, tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, form.format(alt))
    assert (problem.code, problem.level) == ("image-alt-useless", Level.WARNING)
    assert alt in problem.message


@pytest.mark.parametrize(
    "alt",
    ["A", "A photo of a knee", "Image of the joint", "Screenshot of the diary with 3 entries", "Screenshot 3 of the app",
     "Capture the moment", "Steps per day", "P 20 and 30"],
)  # fmt: skip
def test_an_alt_text_in_words_is_fine(alt: str, tmp_path: Path) -> None:
    assert told(tmp_path, f"![{alt}](a.png)") == []


def test_the_name_of_a_file_without_its_ending_is_told_unless_it_is_a_word(tmp_path: Path) -> None:
    for name, codes in (("knee-2", ["image-alt-useless"]), ("knee", []), ("left knee", [])):
        source = name.replace(" ", "%20")
        assert [code for code, _ in told(tmp_path, f"![{name}]({source}.png)")] == codes


def test_a_portrait_may_have_no_alt_text_but_not_a_useless_one(tmp_path: Path) -> None:
    block = '::: author name="Ann" src="a.png" {}\n:::'
    assert told(tmp_path, block.format("")) == []
    assert told(tmp_path, block.format('alt="portrait.jpg"')) == [("image-alt-useless", Level.WARNING)]


def test_a_very_long_alt_text_is_information(tmp_path: Path) -> None:
    assert told(tmp_path, f"![{'a' * ALT_MOST}](a.png)") == []
    assert told(tmp_path, f"![{'a b ' * 63}](a.png)") == [("image-alt-long", Level.INFORMATION)]


def weighed(folder: Path, images: Sequence[tuple[str, int]]) -> list[Problem]:
    """What is said of a mail that shows two figures, the first two of the images."""
    save_image(folder / "a.png")
    save_image(folder / "b.png", (900, 300))
    made = rendering(
        paragraph("x"), typed("figure", src="a.png", alt="a", line=5), typed("figure", src="b.png", alt="b", line=9),
        folder=folder,
    )  # fmt: skip
    names = [image.name for image in made.images] + [f"extra{number}" for number in range(9)]
    files = [
        ImageFile(name=name, media_type=f"image/{kind}", content=bytes(size), source=f"{number}.{kind}")
        for number, (name, (kind, size)) in enumerate(zip(names, images, strict=False))
    ]
    from tests.render.issues import issue

    own = issue(folder=folder)
    found = check_rendered(own, made.rendered, made.origins, (), SETTINGS, (), files)
    return [problem for problem in found if problem.code.startswith("image")]


def test_light_images_are_fine(tmp_path: Path) -> None:
    assert weighed(tmp_path, [("png", 500_000), ("jpeg", 500_000)]) == []
    assert weighed(tmp_path, [("gif", 1_000_000), ("jpeg", 500_000)]) == []


def test_a_heavy_image_is_told_at_its_line_by_its_name(tmp_path: Path) -> None:
    first, second = weighed(tmp_path, [("png", 700_000), ("jpeg", 500_001)])
    assert [(one.code, one.level, one.place.line) for one in (first, second)] == [
        ("image-heavy", Level.WARNING, 5),
        ("image-heavy", Level.WARNING, 9),
    ]
    assert "`0.png` has 700 KB" in first.message
    assert "JPEG" in first.fix


def test_a_heavy_animation_is_told_as_one(tmp_path: Path) -> None:
    (problem,) = weighed(tmp_path, [("gif", 1_400_000)])
    assert (problem.code, problem.place.line) == ("image-animation-heavy", 5)
    assert "1.4 MB" in problem.message


def test_images_that_are_heavy_together_are_told_with_the_heaviest(tmp_path: Path) -> None:
    (problem,) = weighed(tmp_path, [("png", 100_000), ("png", 450_000), ("png", 460_000), ("png", 500_000), ("gif", 9)])
    assert problem.code == "images-heavy"
    assert "1.5 MB together; the heaviest: `3.png` (500 KB), `2.png` (460 KB), `1.png` (450 KB)" in problem.message
