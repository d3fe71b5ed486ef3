"""The mails that are judged: the issues of `newsletters/` and the shipped sample, rendered as readers get them."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from newsletter.compose.slots import fill
from newsletter.model.problem import Level
from newsletter.pipeline import prepare
from newsletter.render import rendering
from newsletter.render.html_page import html_page
from newsletter.render.inline_styles import inline_styles
from newsletter.settings import load
from tests.render.issues import VALUES, save_image

if TYPE_CHECKING:
    from collections.abc import Callable

    from newsletter.model.rendered import ImageFile
    from newsletter.settings import Settings

ROOT = Path(__file__).parents[2]
NEWSLETTERS = Path(__file__).parent / "newsletters"
NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
SAMPLE = "running-after-hip-resurfacing"
#: issue -> the newsletter that it stands in
ISSUES = {path.name: path.parents[1].name for path in sorted(NEWSLETTERS.glob("*/issues/*"))} | {SAMPLE: ""}
SLUGS = tuple(ISSUES)
_PICTURES = {"chart.png": (1200, 500), "knee.png": (600, 400), "face.png": (288, 288)}


@dataclass(frozen=True, kw_only=True)
class Mail:
    """`page` is what the templates gave, `source` what was then inlined; slots and marks of origin are still in both."""

    slug: str
    html: str
    page: str
    source: str
    images: tuple[ImageFile, ...]
    settings: Settings

    @property
    def address(self) -> str:
        """Where a test serves it; nobody ever fetches it."""
        return f"https://mail.example.org/{self.slug}"

    def served(self, html: str | None = None, *, images: bool = True) -> dict[str, tuple[str, bytes]]:
        """The mail, or another HTML at its address, and its images."""
        page = (html or self.html).encode()
        base = self.settings.newsletter.base_url
        shown = self.images if images else ()
        pictures = {f"{base}/i/{image.name}": (image.media_type, image.content) for image in shown}
        return {self.address: ("text/html; charset=utf-8", page)} | pictures


@cache
def mail(slug: str) -> Mail:
    """The mail for readers in no segment; no issue may have an error."""
    with TemporaryDirectory(prefix="newsletter-judges-") as folder:
        home = _newsletter(Path(folder), ISSUES[slug], slug)
        workspace = load(home, {})
        pages: list[str] = []
        with (
            patch.object(rendering, "html_page", _remembering(pages)),
            patch.object(rendering, "inline_styles", wraps=inline_styles) as inliner,
        ):
            made = prepare(workspace, home / "issues" / slug / "issue.md", NOW)
        errors = [problem for problem in made.problems if problem.level is Level.ERROR]
        assert made.rendered is not None
        assert errors == []
    return Mail(
        slug=slug,
        html=fill(made.rendered.html, VALUES),
        page=pages[0],
        source=inliner.call_args_list[0].args[0],
        images=tuple(made.images),
        settings=workspace.settings,
    )


def _remembering(pages: list[str]) -> Callable[..., str]:
    """html_page, which adds what it returns."""

    def remembering(*given: Any) -> str:
        pages.append(html_page(*given))
        return pages[-1]

    return remembering


def _newsletter(folder: Path, name: str, slug: str) -> Path:
    """A copy of the newsletter in which the issue stands, with its pictures; for the sample, of this repository's."""
    if not name:
        shutil.copytree(ROOT / "issues" / slug, folder / "issues" / slug)
        shutil.copy(ROOT / "newsletter.toml", folder)
        return folder
    home = folder / name
    shutil.copytree(NEWSLETTERS / name, home)
    shutil.copy(NEWSLETTERS / "references.json", home / "issues" / slug)
    for picture, size in _PICTURES.items():
        save_image(home / "issues" / slug / picture, size)
    save_image(home / "logo.png", (520, 160) if name == "themed" else (96, 96))
    return home
