"""The pictures of the documentation, photographed from rendered mail. Needs the extra [screenshot] and Chromium.

docs/blocks.md -> docs/pictures/blocks/*.png, one for each example; the sample issue -> docs/pictures/mail.png; the pages of
readers (page_pictures.py) -> docs/pictures/pages.png, archive.png and leaving.png; the issue of docs/first-issue.md
(first_issue_pictures.py) -> docs/pictures/first-*.png; pages of reports (report_pictures.py) -> docs/pictures/reports.png.

python docs/make_pictures.py [chromium]
"""

from __future__ import annotations

import io
import re
import sys
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import first_issue_pictures
import page_pictures
import report_pictures
from lxml import html as lxml_html
from PIL import Image, ImageChops, ImageDraw

from newsletter.cli.screenshot import web_page
from newsletter.model.problem import has_errors
from newsletter.pipeline import prepare
from newsletter.pipeline.report.making import report_of
from newsletter.pipeline.report.page import report_html
from newsletter.probe.browser import Scheme, View, WebPage, open_browser
from newsletter.settings import Settings, Workspace, load

if TYPE_CHECKING:
    from newsletter.probe.browser import Browser

DOCS = Path(__file__).parent
SECTION = re.compile(r"^## `([a-z]+)`.*?^```markdown\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SETTINGS = Settings.model_validate(
    {
        "newsletter": {
            "name": "Larkmeadow Letters",
            "base_url": "https://news.example.org",
            "timezone": "America/Los_Angeles",
        },
        "sender": {
            "name": "Larkmeadow Joint Clinic",
            "address": "letters@example.org",
            "postal_address": "12 Example Street, Springfield, CA 90001",
        },
        "attributes": {"sport": {"type": "choice", "choices": ["running", "walking"]}},
        "segments": {"runners": {"attribute": "sport", "equals": "running"}},
    }
)
WIDTH, MARGIN, BETWEEN = 600, 32, 12
#: a letter with two faults, and its source
REVIEWED = """\
---
title: Stairs after a knee operation
preheader: When, how, and what a study saw
date: 2026-12-01
references:
  - id: example2024
    type: article-journal
    title: Early stair climbing after total knee arthroplasty
    author: [{family: Example, given: Ada}, {family: Sample, given: Ben}]
    container-title: Journal of Examples
    issued: 2024
    volume: 7
    page: 12-19
    DOI: 10.5555/stairs
    abstract: Most patients climbed stairs alone after three weeks. Pain was no greater than in those who waited.
---

## What a study saw

A 2023 study asked when people climb stairs [@example2024]. Its authors write that "most patients climbed stairs alone after two
weeks" [@example2024].
"""
#: picture -> the pages of page_pictures.py that stand beside each other in it
PICTURES_OF_PAGES = (
    ("pages", ("subscribe", "preferences")),
    ("archive", ("archive", "subscribe-phone")),
    ("leaving", ("leaving",)),
)
SAMPLE = "running-after-hip-resurfacing"


def main(chromium: str = "") -> None:
    for name, picture in first_issue_pictures.pictures(chromium).items():
        save(picture, DOCS / "pictures" / f"first-{name}.png")
    with open_browser(chromium) as browser:
        save(mail(browser), DOCS / "pictures" / "mail.png")
        save(review(browser), DOCS / "pictures" / "review.png")
        save(reports(browser), DOCS / "pictures" / "reports.png")
        save_readers_pages(browser)
        for name, example in SECTION.findall((DOCS / "blocks.md").read_text("utf-8")):
            save(block(browser, example), DOCS / "pictures" / "blocks" / f"{name}.png")
            print(name)  # noqa: T201 - a tool that tells how far it is


def block(browser: Browser, example: str) -> Image.Image:
    """The block as each reader gets it, those in a segment first, without the empty space above and below."""
    pictures = [trimmed(photographed(browser, page, View(width=WIDTH))) for page in reversed(block_pages(example))]
    whole = Image.new("RGB", (WIDTH, sum(picture.height + BETWEEN for picture in pictures) - BETWEEN), "#d8dce1")
    top = 0
    for picture in pictures:
        whole.paste(picture, (0, top))
        top += picture.height + BETWEEN
    return whole


def trimmed(picture: Image.Image) -> Image.Image:
    box = ImageChops.difference(picture, Image.new("RGB", picture.size, "#ffffff")).getbbox()
    if box is None:
        raise SystemExit("docs/blocks.md: an example is rendered as nothing")
    return picture.crop((0, max(0, box[1] - MARGIN), WIDTH, box[3] + MARGIN))


def block_pages(example: str) -> list[WebPage]:
    """For each variant the content of a mail with this example, alone on a page."""
    with TemporaryDirectory() as made:
        workspace = Workspace(folder=Path(made), settings=SETTINGS, secrets={})
        draw_images(workspace.folder)
        issue = workspace.folder / "example.md"
        issue.write_text(f"---\ntitle: An example\n---\n{example}", "utf-8")
        prepared = prepare(workspace, issue, datetime.now(UTC))
    if has_errors(prepared.problems):
        raise SystemExit(f"docs/blocks.md: {prepared.problems}")
    base_url = SETTINGS.newsletter.base_url
    return [content_of(web_page(one, prepared.images, base_url)) for one in prepared.variants]


def content_of(page: WebPage) -> WebPage:
    root = lxml_html.document_fromstring(page.html)
    content = next(cell for cell in root.iter("td") if "content" in cell.get("class", "").split())
    css = "".join(lxml_html.tostring(style, encoding="unicode") for style in root.iter("style"))
    cell = lxml_html.tostring(content, encoding="unicode", with_tail=False)
    table = f'<table width="{WIDTH}" cellspacing="0"><tr>{cell}</tr></table>'
    return WebPage(html=f'<!DOCTYPE html>{css}<body style="margin:24px 0">{table}', files=page.files)


def mail(browser: Browser) -> Image.Image:
    """The sample issue on a wide screen in light mode, and further down on a phone in dark mode."""
    workspace = load(DOCS.parent, {})
    prepared = prepare(workspace, workspace.issues / SAMPLE / "issue.md", datetime.now(UTC))
    if prepared.rendered is None:
        raise SystemExit(f"{SAMPLE}: {prepared.problems}")
    page = web_page(prepared.rendered, prepared.images, workspace.settings.newsletter.base_url)
    desk = photographed(browser, page, View(width=700))
    phone = photographed(browser, page, View(width=375, scheme=Scheme.DARK))
    high, gap, below = 1290, 24, 5108
    whole = Image.new("RGB", (700 + 375 + 3 * gap, high + 2 * gap), "#d8dce1")
    whole.paste(desk.crop((0, 0, 700, high)), (gap, gap))
    whole.paste(phone.crop((0, below, 375, below + high)), (700 + 2 * gap, gap))
    return whole


def review(browser: Browser) -> Image.Image:
    """The statements of the page for the medical reviewer."""
    with TemporaryDirectory() as made:
        workspace = Workspace(folder=Path(made), settings=SETTINGS, secrets={})
        issue = workspace.folder / "stairs.md"
        issue.write_text(REVIEWED, "utf-8")
        html = report_html(report_of(workspace, issue, datetime.now(UTC)))
    root = lxml_html.document_fromstring(html)
    shown = "".join(
        lxml_html.tostring(one, encoding="unicode", with_tail=False)
        for one in root.xpath("//article[starts-with(@id, 'statement')]")
    )
    css = "".join(lxml_html.tostring(style, encoding="unicode") for style in root.iter("style"))
    page = WebPage(html=f'<!DOCTYPE html>{css}<body style="margin:24px"><main>{shown}</main>', files={})
    return photographed(browser, page, View(width=900))


def reports(browser: Browser) -> Image.Image:
    """The page of a mailing beside that of a list on a phone, down to the same line."""
    shown = [photographed(browser, page, view) for page, view in report_pictures.pages()]
    high = 1500
    return beside([one.crop((0, 0, one.width, min(high, one.height))) for one in shown])


def save_readers_pages(browser: Browser) -> None:
    """Signing up beside the preference centre; the archive beside signing up on a phone in dark mode; leaving."""
    shown = {name: photographed(browser, page, view) for name, (page, view) in page_pictures.pages(SETTINGS).items()}
    for target, names in PICTURES_OF_PAGES:
        save(beside([shown[name] for name in names]), DOCS / "pictures" / f"{target}.png")


def beside(pictures: list[Image.Image], gap: int = 24) -> Image.Image:
    """In a row, on the ground of all pictures."""
    width = sum(picture.width + gap for picture in pictures) + gap
    whole = Image.new("RGB", (width, max(picture.height for picture in pictures) + 2 * gap), "#d8dce1")
    left = gap
    for picture in pictures:
        whole.paste(picture, (left, gap))
        left += picture.width + gap
    return whole


def photographed(browser: Browser, page: WebPage, view: View) -> Image.Image:
    return Image.open(io.BytesIO(browser.photograph(page, view).png)).convert("RGB")


def draw_images(folder: Path) -> None:
    knee = Image.new("RGB", (1072, 560), "#2f7d63")
    pen = ImageDraw.Draw(knee)
    pen.ellipse((316, 60, 756, 500), fill="#8fd0b0")
    pen.rectangle((496, 0, 576, 560), fill="#f4efe6")
    knee.save(folder / "knee.png")
    face = Image.new("RGB", (288, 288), "#c9d8d2")
    pen = ImageDraw.Draw(face)
    pen.ellipse((84, 50, 204, 180), fill="#8a5a44")
    pen.ellipse((34, 190, 254, 420), fill="#0b6e4f")
    pen.arc((115, 95, 173, 155), 20, 160, fill="#ffffff", width=6)
    face.save(folder / "face.png")


def save(picture: Image.Image, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    picture.quantize(256, method=Image.Quantize.MAXCOVERAGE).save(target, optimize=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
