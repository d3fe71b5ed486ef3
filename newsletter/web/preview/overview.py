"""All issues of the workspace with title and date, read from their front matter alone: that is quick for hundreds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsletter.errors import NewsletterError

if TYPE_CHECKING:
    from pathlib import Path

    from newsletter.web.preview.board import Shown


@dataclass(frozen=True, kw_only=True)
class Title:
    """`date` is empty where there is none yet."""

    slug: str
    title: str
    date: str = ""


@dataclass(frozen=True, kw_only=True)
class Row:
    """An issue in the list, with what is known of its checks."""

    title: Title
    shown: Shown


class Titles:
    """Remembers what it read of a file until that is saved again."""

    def __init__(self) -> None:
        self._known: dict[Path, tuple[tuple[int, int], Title]] = {}

    def of(self, slug: str, path: Path) -> Title:
        try:
            facts = path.stat()
        except OSError:
            return Title(slug=slug, title=slug)
        stamp = facts.st_mtime_ns, facts.st_size
        if path not in self._known or self._known[path][0] != stamp:
            self._known[path] = stamp, _read(slug, path)
        return self._known[path][1]


def in_order(titles: list[Title]) -> list[Title]:
    """The latest first; before them those without a date, which are still being written."""
    by_name = sorted(titles, key=lambda one: one.slug)
    dated = sorted((one for one in by_name if one.date), key=lambda one: one.date, reverse=True)
    return [one for one in by_name if not one.date] + dated


def _read(slug: str, path: Path) -> Title:
    from newsletter.read.fields import FrontMatter
    from newsletter.read.front_matter import check, split
    from newsletter.read.source import read_source

    try:
        text, _ = read_source(path)
    except NewsletterError:
        text = None
    front = split(str(path), text).front if text else None
    if front is None:
        return Title(slug=slug, title=slug)
    matter = check(front, FrontMatter, "front-matter", {"title": slug}).matter
    return Title(slug=slug, title=matter.title, date=matter.date.isoformat() if matter.date else "")
