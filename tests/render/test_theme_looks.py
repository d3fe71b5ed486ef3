"""What [theme] changes in a mail beside colours: fonts, width, corners, logo."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from newsletter.model.problem import Level, Place
from newsletter.render.fonts import STACKS
from newsletter.settings.theme import Font
from tests.render.dom import filled_html, matches, media_rules, styles, tree
from tests.render.issues import everything, paragraph, rendering, save_image, settings, typed

if TYPE_CHECKING:
    from pathlib import Path

    from newsletter.render import Rendering

LAYOUTS = ("article", "digest", "announcement")


def themed(folder: Path, **theme: Any) -> Rendering:
    return everything(folder, settings=settings(theme=theme))


@pytest.mark.parametrize("font", list(Font))
def test_every_font_has_a_stack_that_ends_in_a_generic_name(font: Font) -> None:
    assert STACKS[font].rpartition(", ")[2] in {"serif", "sans-serif", "monospace"}


def test_text_and_headings_have_their_own_fonts(tmp_path: Path) -> None:
    root = tree(themed(tmp_path, font="mono", heading_font="humanist"))
    assert all("Consolas" in styles(cell)["font-family"] for cell in root.xpath("//td[contains(@class, 'pad')]"))
    assert all("Trebuchet" in styles(heading)["font-family"] for heading in root.xpath("//h1 | //h2"))
    assert "Georgia" not in filled_html(themed(tmp_path, font="sans", heading_font="sans"))


def test_the_width_holds_in_outlook_on_screens_and_for_images(tmp_path: Path) -> None:
    mail = themed(tmp_path, width=520)
    html = filled_html(mail)
    assert '<!--[if mso]><table role="presentation" width="520"' in html
    assert "max-width:543px" in html
    assert "600" not in re.sub(r"&#\d+;|https?://\S+|font-weight:600", "", html)
    root = tree(mail)
    assert styles(root.xpath("//div[@class='hold']")[0])["max-width"] == "520px"
    assert {image.get("width") for image in root.iter("img")} == {"456"}


def test_square_corners_leave_none_round(tmp_path: Path) -> None:
    for layout in LAYOUTS:
        mail = everything(tmp_path, template=layout, settings=settings(theme={"corners": "square"}))
        root = tree(mail)
        assert [element for element in root.body.iter() if "border-radius" in (element.get("style") or "")] == []
    assert "border-radius" in filled_html(themed(tmp_path, corners="round"))


def with_logo(folder: Path, logo: str = "images/logo.png", **keys: Any) -> Rendering:
    theme = {"logo": logo} | keys.pop("theme", {})
    return rendering(paragraph("Hello"), folder=folder / "issue", settings=settings(theme=theme), home=folder, **keys)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_logo_is_published_with_its_size_and_the_newsletters_name(layout: str, tmp_path: Path) -> None:
    save_image(tmp_path / "images" / "logo.png", (400, 100))
    mail = with_logo(tmp_path, template=layout)
    assert mail.problems == ()
    (file,) = mail.images
    assert mail.rendered.images == (file.name,)
    root = tree(mail)
    (logo,) = root.iter("img")
    assert logo.get("src") == f"https://news.example.org/i/{file.name}"
    assert (logo.get("width"), logo.get("height"), logo.get("alt")) == ("160", "40", "Larkmeadow Letters")
    assert not root.xpath("//td[contains(@class, 'masthead')]//*[text()='Larkmeadow Letters']")
    assert not root.xpath("//p[contains(@class, 'digest-name')]")


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_logo_that_says_something_else_leaves_the_name_below_it(layout: str, tmp_path: Path) -> None:
    save_image(tmp_path / "images" / "logo.png", (400, 100))
    mail = with_logo(tmp_path, template=layout, theme={"logo_alt": 'A "clinic" <b>'})
    (logo,) = tree(mail).iter("img")
    assert logo.get("alt") == 'A "clinic" <b>'
    names = [one for one in tree(mail).iter("p") if one.text == "Larkmeadow Letters"]
    assert len(names) == 1
    assert "margin" in styles(names[0])


def test_the_logo_keeps_its_light_ground_and_legible_words_in_dark_mode(tmp_path: Path) -> None:
    save_image(tmp_path / "images" / "logo.png", (400, 100))
    mail = with_logo(tmp_path)
    (logo,) = tree(mail).iter("img")
    plate = logo.getparent()
    dark = media_rules(filled_html(mail), "@media (prefers-color-scheme: dark)")
    rules = {name: rule for name, rule in dark.items() if matches(plate, name) or matches(logo, name)}
    assert rules == {".plate": {"background-color": "#ffffff"}, ".logo": {"color": styles(logo)["color"]}}
    assert styles(plate)["background-color"] == "#ffffff"
    assert int(styles(logo)["font-size"].removesuffix("px")) >= 16
    assert ".plate" not in filled_html(rendering(paragraph("x"), folder=tmp_path))


def test_a_logo_elsewhere_stays_there_and_has_the_width_that_was_asked_for(tmp_path: Path) -> None:
    mail = with_logo(tmp_path, "https://example.org/logo.png", theme={"logo_width": 300})
    (logo,) = tree(mail).iter("img")
    assert (logo.get("src"), logo.get("width"), logo.get("height")) == ("https://example.org/logo.png", "300", None)
    assert mail.images == ()


def test_a_missing_logo_is_told_at_its_line_of_the_settings(tmp_path: Path) -> None:
    file = tmp_path / "newsletter.toml"
    file.write_text('[theme]\naccent = "#0b6e4f"\n  logo = "images/logo.png"\n')
    mail = with_logo(tmp_path)
    (problem,) = mail.problems
    assert (problem.code, problem.place) == ("image-missing", Place(file=str(file), line=3, column=3))
    assert "the newsletter's folder" in problem.fix
    assert "Larkmeadow Letters" in [one.text for one in tree(mail).iter("td")]


def test_a_logo_out_of_the_workspace_is_refused(tmp_path: Path) -> None:
    save_image(tmp_path / "secret.png")
    home = tmp_path / "home"
    home.mkdir()
    (home / "logo.png").symlink_to(tmp_path / "secret.png")
    mail = with_logo(home, "logo.png")
    assert [(problem.code, problem.place.file) for problem in mail.problems] == [("image-outside", "newsletter.toml")]
    assert mail.images == ()


def test_the_same_file_as_logo_and_figure_is_published_once_for_each_size(tmp_path: Path) -> None:
    save_image(tmp_path / "a.png")
    theme = settings(theme={"logo": "a.png"})
    mail = rendering(typed("figure", src="a.png", alt="a"), folder=tmp_path, settings=theme, home=tmp_path)
    assert len(mail.images) == len(mail.rendered.images) == 2
    save_image(tmp_path / "a.png", (100, 40))
    mail = rendering(typed("figure", src="a.png", alt="a"), folder=tmp_path, settings=theme, home=tmp_path)
    assert len(mail.images) == len(mail.rendered.images) == 1


def test_a_logo_narrower_than_asked_for_is_told_at_its_line(tmp_path: Path) -> None:
    save_image(tmp_path / "images" / "logo.png", (100, 40))
    assert with_logo(tmp_path).problems == ()
    (problem,) = with_logo(tmp_path, theme={"logo_width": 200}).problems
    assert (problem.code, problem.level, problem.place.file) == ("image-small", Level.WARNING, "newsletter.toml")
