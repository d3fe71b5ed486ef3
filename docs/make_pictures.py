"""docs/blocks.md -> docs/pictures/blocks/*.png: each example rendered as a mail and photographed by Chromium.

python docs/make_pictures.py [chromium]
"""

from __future__ import annotations

import io
import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from lxml import html as lxml_html
from PIL import Image, ImageChops, ImageDraw

from newsletter.compose.slots import fill
from newsletter.read import read_issue
from newsletter.render import render
from newsletter.settings import Settings

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
    }
)
WIDTH, HEIGHT, MARGIN = 600, 900, 32
FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--allow-file-access-from-files", "--blink-settings=preferredColorScheme=1"),
)


def main(chromium: str = "chromium") -> None:
    for name, example in SECTION.findall((DOCS / "blocks.md").read_text("utf-8")):
        with TemporaryDirectory() as folder:
            page = write_page(example, Path(folder))
            photograph(page, DOCS / "pictures" / "blocks" / f"{name}.png", chromium)
        print(name)  # noqa: T201 - a tool that tells how far it is


def write_page(example: str, folder: Path) -> Path:
    """The content of a mail with this example, alone on a page."""
    draw_images(folder)
    (folder / "issue.md").write_text(f"---\ntitle: An example\n---\n{example}", "utf-8")
    result = read_issue(folder / "issue.md", SETTINGS, lambda _: ({}, []))
    if result.issue is None or result.problems:
        raise SystemExit(f"docs/blocks.md: {result.problems}")
    made = render(result.issue, entries=(), disclaimers=(), settings=SETTINGS, source=result.source)
    for image in made.images:
        (folder / image.name).write_bytes(image.content)
    root = lxml_html.document_fromstring(fill(made.rendered.html, {}).replace("https://news.example.org/i/", ""))
    content = next(cell for cell in root.iter("td") if "content" in cell.get("class", "").split())
    css = "".join(lxml_html.tostring(style, encoding="unicode") for style in root.iter("style"))
    cell = lxml_html.tostring(content, encoding="unicode", with_tail=False)
    page = f'<meta charset="utf-8">{css}<body style="margin:24px 0"><table width="{WIDTH}" cellspacing="0"><tr>{cell}</tr></table>'
    (folder / "page.html").write_text(page, "utf-8")
    return folder / "page.html"


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


def photograph(page: Path, target: Path, chromium: str) -> None:
    """The page without the empty space above and below."""
    shot = page.with_suffix(".png")
    own = (f"--user-data-dir={page.parent / 'profile'}", f"--window-size={WIDTH},{HEIGHT}", f"--screenshot={shot}")
    subprocess.run([chromium, *FLAGS, *own, page.as_uri()], check=True, capture_output=True)  # noqa: S603
    picture = Image.open(io.BytesIO(shot.read_bytes())).convert("RGB")
    box = ImageChops.difference(picture, Image.new("RGB", picture.size, "#ffffff")).getbbox()
    if box is None:
        raise SystemExit(f"{target.name}: the page is empty")
    cut = picture.crop((0, max(0, box[1] - MARGIN), WIDTH, box[3] + MARGIN))
    target.parent.mkdir(parents=True, exist_ok=True)
    cut.quantize(128).save(target, optimize=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
