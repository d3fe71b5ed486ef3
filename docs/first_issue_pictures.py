"""The pictures of docs/first-issue.md: the preview, the mail on a phone, the page for leaving; of the issue that the page writes."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import first_issue_words as words
from click.testing import CliRunner
from PIL import Image
from playwright.sync_api import sync_playwright

from newsletter.cli.main import cli
from newsletter.cli.screenshot import web_page
from newsletter.pipeline import prepare
from newsletter.probe.browser import Scheme, View, find_chromium, open_browser
from newsletter.settings import load

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.probe.browser import Browser


def pictures(chromium: str = "") -> dict[str, Image.Image]:
    """Name -> the picture."""
    with TemporaryDirectory() as made:
        folder = Path(made) / "my-letter"
        CliRunner().invoke(cli, ["init", str(folder)], catch_exceptions=False, standalone_mode=False)
        issue = folder / "issues" / "welcome" / "issue.md"
        words.fill_in(folder, "names")
        words.fill_in(folder, "most words")
        with previewed(folder) as url:
            preview = seen(url, chromium)
        words.fill_in(folder, "the last words")
        with open_browser(chromium) as browser:
            return {"preview": preview, "phone": phones(browser, folder, issue)}


@contextmanager
def previewed(folder: Path) -> Iterator[str]:
    """`newsletter preview` at work, and where it is."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("NEWSLETTER_")}
    command = [sys.executable, "-m", "newsletter.cli", "-C", str(folder), "preview", "welcome", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:  # noqa: S603 - ours
        line = process.stdout.readline() if process.stdout else ""
        found = re.search(r"http://\S+", line)
        try:
            if found is None:
                raise SystemExit(f"first_issue_pictures.py: the preview says {line!r}")
            yield found[0]
        finally:
            process.terminate()


def seen(url: str, chromium: str) -> Image.Image:
    """The top of the page in a browser that runs its scripts and may ask this machine, which `open_browser` does not."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(chromium))
        tab = browser.new_page(viewport={"width": 1280, "height": 1000})
        tab.goto(url)
        frame = tab.frame_locator("iframe").first
        frame.locator("h1").wait_for()
        tab.wait_for_timeout(1000)  # the frames take their size
        return Image.open(io.BytesIO(tab.screenshot())).convert("RGB")


def phones(browser: Browser, folder: Path, issue: Path) -> Image.Image:
    """The mail in light and in dark, and where it ends."""
    workspace = load(folder, {})
    prepared = prepare(workspace, issue, datetime.now(UTC))
    if prepared.rendered is None:
        raise SystemExit(f"first_issue_pictures.py: {prepared.problems}")
    page = web_page(prepared.rendered, prepared.images, workspace.settings.newsletter.base_url)
    high, gap = 820, 24
    whole = Image.new("RGB", (3 * 375 + 4 * gap, high + 2 * gap), "#d8dce1")
    for place, scheme in enumerate((Scheme.LIGHT, Scheme.DARK, Scheme.LIGHT)):
        png = browser.photograph(page, View(width=375, scheme=scheme)).png
        picture = Image.open(io.BytesIO(png)).convert("RGB")
        top = max(0, picture.height - high) if place == 2 else 0
        whole.paste(picture.crop((0, top, 375, top + high)), (gap + place * (375 + gap), gap))
    return whole
