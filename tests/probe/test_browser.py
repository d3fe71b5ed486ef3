"""Photographs of pages: the whole of them, in the size, scheme and images asked for, with nothing fetched."""

from __future__ import annotations

import io
import shutil
import socket
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from newsletter.errors import ServiceMissing
from newsletter.model.rendered import ImageFile
from newsletter.probe import browser as module
from newsletter.probe.browser import HOME, MOST_HEIGHT, Scheme, View, WebPage, find_chromium, open_browser

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from newsletter.probe.browser import Browser, Photograph

needs_chromium = pytest.mark.skipif(shutil.which("chromium") is None, reason="Debian package chromium is not installed")
RED, BLUE = (255, 0, 0), (0, 0, 255)


@pytest.fixture(scope="class")
def browser() -> Iterator[Browser]:
    """Closed before other tests run: while it is open, Playwright has an event loop running in this thread."""
    with open_browser("chromium") as opened:
        yield opened


def page(body: str, head: str = "", **files: ImageFile) -> WebPage:
    return WebPage(html=f"<!DOCTYPE html><head>{head}</head><body style='margin:0'>{body}", files=files)


def image(colour: tuple[int, int, int]) -> ImageFile:
    content = io.BytesIO()
    Image.new("RGB", (40, 40), colour).save(content, "PNG")
    return ImageFile(name="dot", media_type="image/png", content=content.getvalue())


def opened(taken: Photograph) -> Image.Image:
    return Image.open(io.BytesIO(taken.png)).convert("RGB")


def colours(taken: Photograph) -> set[object]:
    return {colour for _, colour in opened(taken).getcolors(1_000_000) or ()}


@needs_chromium
@pytest.mark.browser
class TestPhotographs:
    @pytest.mark.parametrize("scale", [1, 2])
    def test_the_size_is_that_of_the_view_and_of_the_whole_page(self, browser: Browser, scale: int) -> None:
        taken = browser.photograph(page("<p style='height:1500px;margin:0'>x"), View(width=375, scale=scale))
        assert opened(taken).size == (375 * scale, 1500 * scale)
        assert (taken.width, taken.height) == (375, 1500)

    def test_what_is_too_wide_is_told_and_cut(self, browser: Browser) -> None:
        taken = browser.photograph(page("<p style='width:900px'>x"), View(width=375))
        assert taken.width == 900
        assert opened(taken).width == 375

    def test_a_page_longer_than_chromium_draws_at_once_has_every_line_in_its_place(self, browser: Browser) -> None:
        bands = "".join(f"<div style='height:500px;background:rgb({i},{255 - i},0)'></div>" for i in range(40))
        shot = opened(browser.photograph(page(bands), View(width=200, scale=2)))
        assert shot.size == (400, 40_000)
        edges = [(i, y) for i in range(40) for y in (i * 1000, i * 1000 + 999)]
        assert [shot.getpixel((200, y)) for _, y in edges] == [(i, 255 - i, 0) for i, _ in edges]

    def test_an_endless_page_is_cut_and_told(self, browser: Browser) -> None:
        taken = browser.photograph(page(f"<p style='height:{MOST_HEIGHT + 500}px;margin:0'>x"), View(width=200))
        assert taken.height == MOST_HEIGHT + 500
        assert opened(taken).height == MOST_HEIGHT

    def test_the_scheme_is_that_of_the_view(self, browser: Browser) -> None:
        head = "<style>body{background:#ff0000}@media(prefers-color-scheme:dark){body{background:#0000ff}}</style>"
        assert colours(browser.photograph(page("", head), View(width=200))) == {RED}
        assert colours(browser.photograph(page("", head), View(width=200, scheme=Scheme.DARK))) == {BLUE}

    def test_our_images_are_drawn_unless_the_reader_blocks_them(self, browser: Browser) -> None:
        shown = page(f"<img alt='' src='{HOME}dot'>", dot=image(BLUE))
        with_it, without = (browser.photograph(shown, View(width=200, images=images)) for images in (True, False))
        assert BLUE in colours(with_it)
        assert BLUE not in colours(without)
        assert with_it.refused == without.refused == ()

    def test_no_script_runs(self, browser: Browser) -> None:
        taken = browser.photograph(page("<script>document.body.style.background='#0000ff'</script>"), View(width=200))
        assert BLUE not in colours(taken)

    def test_nothing_is_fetched_and_what_was_wanted_is_told(self, browser: Browser) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listening:
            elsewhere = f"http://127.0.0.1:{listening.getsockname()[1]}"
            head = (
                f"<link rel=preconnect href='{elsewhere}'><link rel=prefetch href='{elsewhere}/p'>"
                f"<link rel=stylesheet href='{elsewhere}/a.css'>"
            )
            body = f"<img src='{elsewhere}/b.png'><iframe src='{elsewhere}/c'></iframe><img src='{HOME}unknown'>"
            taken = browser.photograph(page(body, head), View(width=200))
            listening.setblocking(False)
            with pytest.raises(BlockingIOError):
                listening.accept()
        assert {f"{elsewhere}/a.css", f"{elsewhere}/b.png", f"{elsewhere}/c", f"{HOME}unknown"} <= {*taken.refused}


def test_a_program_that_is_no_browser_is_a_missing_service(tmp_path: Path) -> None:
    pytest.importorskip("playwright", reason="the extra [screenshot] is not installed")
    with pytest.raises(ServiceMissing, match=r"Chromium: .*launch"), open_browser(str(program(tmp_path, "chromium"))):
        pass


def program(folder: Path, name: str) -> Path:
    path = folder / name
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


def test_the_named_browser_goes_before_all_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chrome, mine = program(tmp_path, "google-chrome"), program(tmp_path, "mine")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_chromium() == str(chrome)
    program(tmp_path, "chromium")
    assert find_chromium() == str(tmp_path / "chromium")
    assert find_chromium(str(mine)) == find_chromium("mine") == str(mine)
    assert find_chromium("nothing-of-that-name") is None


def test_a_browser_that_is_not_on_the_path_is_found_where_installers_put_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "Chromium" / "Application").mkdir(parents=True)
    chrome = program(tmp_path / "Chromium" / "Application", "chrome.exe")
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    monkeypatch.setattr(module, "_MAC", ())
    assert find_chromium() is None
    monkeypatch.setenv("PROGRAMFILES", str(tmp_path))
    assert find_chromium() == str(chrome)
