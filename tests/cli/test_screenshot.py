"""`newsletter screenshot`: one PNG for each width and scheme, from the issue's own files and from nothing else."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from tests.support import workspace as workspaces
from tests.support.browsers import CHROMIUM, QUICK_CHROMIUM

if TYPE_CHECKING:
    from pathlib import Path

needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="Debian package chromium is not installed")
BLUE = (18, 52, 210)
ISSUE = """\
---
title: Stairs
---

Dear {{ first_name | default("reader") }}, look.

![A blue square](square.png)

"""


@pytest.fixture
def workspace(tmp_path: Path) -> workspaces.Workspace:
    """The command finds the browser by itself where a test does not name one."""
    made = workspaces.make(tmp_path / "home")
    path = made.write_issue(ISSUE, "stairs")
    Image.new("RGB", (1200, 300), BLUE).save(path.with_name("square.png"))
    return made


def pixels(path: Path) -> set[object]:
    with Image.open(path) as shot:
        return {colour for _, colour in shot.convert("RGB").getcolors(10_000_000) or ()}


@needs_chromium
@pytest.mark.browser
@pytest.mark.thorough
class TestWithChromium:
    @pytest.fixture
    def quick(self, workspace: workspaces.Workspace) -> workspaces.Workspace:
        workspace.environment["NEWSLETTER_CHROMIUM"] = str(QUICK_CHROMIUM)
        return workspace

    def test_a_picture_for_each_width_and_scheme(self, quick: workspaces.Workspace, tmp_path: Path) -> None:
        out = tmp_path / "new" / "folder"
        done = quick.run("screenshot", "stairs", "--out", str(out))
        names = [f"stairs-{width}-{scheme}.png" for width in (375, 700) for scheme in ("light", "dark")]
        assert {path.name for path in out.iterdir()} == {*names}
        assert [line for line in done.stdout.splitlines() if line.startswith("Wrote")] == [
            f"Wrote {out / name}" for name in names
        ]
        assert done.stderr == ""  # no bar where there is no terminal
        for width in (375, 700):
            light, dark = (out / f"stairs-{width}-{scheme}.png" for scheme in ("light", "dark"))
            with Image.open(light) as one, Image.open(dark) as other:
                assert one.width == other.width == width * 2
                assert one.height > 1200
            by_day, by_night = pixels(light), pixels(dark)
            assert BLUE in by_day & by_night
            assert (255, 255, 255) in by_day - by_night

    def test_images_off_shows_the_words_instead(self, workspace: workspaces.Workspace, tmp_path: Path) -> None:
        words = ("screenshot", "stairs", "--out", str(tmp_path), "--width", "320", "--width", "320", "--scheme", "dark")
        found = workspace.json(*words, "--no-images", "--scale", "1")
        (file,) = tmp_path.glob("*.png")
        assert found["files"] == [str(file)] == [str(tmp_path / "stairs-320-dark-no-images.png")]
        assert found["notes"] == []
        assert BLUE not in pixels(file)
        with Image.open(file) as shot:
            assert shot.width == 320

    def test_an_issue_with_errors_is_shown_as_far_as_it_goes_and_an_image_on_the_web_is_not_requested_but_told(
        self, quick: workspaces.Workspace, tmp_path: Path
    ) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listening:
            url = f"https://127.0.0.1:{listening.getsockname()[1]}/far.png"
            quick.write_issue(f"{ISSUE}![Far away]({url})\n\n![Gone](gone.png)\n", "stairs")
            words = ("screenshot", "stairs", "--out", str(tmp_path), "--width", "375", "--scheme", "light")
            done = quick.run(*words, code=1)
            listening.setblocking(False)
            with pytest.raises(BlockingIOError):
                listening.accept()
        assert f"Not shown, since nothing is loaded from the web: {url}" in done.stdout
        assert "[image-missing]" in done.stdout
        assert BLUE in pixels(tmp_path / "stairs-375-light.png")

    def test_each_variant_has_its_own_picture(self, quick: workspaces.Workspace, tmp_path: Path) -> None:
        with (quick.folder / "newsletter.toml").open("a") as settings:
            settings.write('[segments.locals]\nattribute = "city"\nequals = "Springfield"\n')
        quick.write_issue(ISSUE.replace("![", '::: only audience="locals"\n![') + ":::\n", "stairs")
        words = ("screenshot", "stairs", "--out", str(tmp_path), "--width", "375", "--scheme", "light", "--scale", "1")
        quick.run(*words)
        assert BLUE in pixels(tmp_path / "stairs.locals-375-light.png")
        assert BLUE not in pixels(tmp_path / "stairs-375-light.png")


def test_a_file_too_broken_to_render_needs_no_browser(workspace: workspaces.Workspace, tmp_path: Path) -> None:
    workspace.write_issue(ISSUE, "stairs").write_bytes(b"\xff\x00")
    found = workspace.json("screenshot", "stairs", "--out", str(tmp_path), "--browser", "nowhere", code=1)
    assert (found["files"], len(found["problems"])) == ([], 1)


def test_without_playwright_it_says_what_to_install(workspace: workspaces.Workspace, tmp_path: Path) -> None:
    (tmp_path / "hides").mkdir()
    (tmp_path / "hides" / "playwright.py").write_text("raise ImportError")
    workspace.environment["PYTHONPATH"] = str(tmp_path / "hides")
    said = workspace.run("screenshot", "stairs", "--out", str(tmp_path), code=5).stderr
    assert "Playwright: it is not installed" in said
    assert "pip install 'newsletter-pipeline[screenshot]'" in said
    assert "Chromium" in said


def test_without_a_browser_it_says_what_to_install(workspace: workspaces.Workspace, tmp_path: Path) -> None:
    pytest.importorskip("playwright", reason="the extra [screenshot] is not installed")
    if any(path.exists() for path in _places_outside_path()):
        pytest.skip("a browser lies where no variable hides it")
    workspace.environment |= {"PATH": str(tmp_path), "PLAYWRIGHT_BROWSERS_PATH": str(tmp_path)}
    found = workspace.json("screenshot", "stairs", "--out", str(tmp_path / "out"), code=5)
    assert found["message"].startswith("Chromium: it was not found; install Chromium, Chrome or Edge")


def _places_outside_path() -> list[Path]:
    from newsletter.probe.browser import _usual_places

    return _usual_places()


def test_the_environment_names_the_browser(workspace: workspaces.Workspace, tmp_path: Path) -> None:
    pytest.importorskip("playwright", reason="the extra [screenshot] is not installed")
    workspace.environment["NEWSLETTER_CHROMIUM"] = "mine"
    for browser, words in (("mine", ()), ("other", ("--browser", "other"))):
        said = workspace.run("screenshot", "stairs", "--out", str(tmp_path), *words, code=5).stderr
        assert f"Chromium: {browser} cannot be run" in said


@pytest.mark.parametrize(
    ("words", "said"), [(("--width", "9"), "200<=x<=2000"), (("--scheme", "blue"), "'light', 'dark', 'both'")]
)
def test_a_view_that_cannot_be_is_a_mistake_of_usage(
    workspace: workspaces.Workspace, tmp_path: Path, words: tuple[str, str], said: str
) -> None:
    assert said in workspace.run("screenshot", "stairs", "--out", str(tmp_path), *words, code=2).stderr
