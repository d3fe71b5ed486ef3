"""Copying the starter: a workspace for `init`, an issue for `new`. Nothing that exists is ever overwritten."""

from __future__ import annotations

import json
import re
import unicodedata
from importlib.resources import files
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from newsletter.wiring import SECRET, add_secret

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from importlib.resources.abc import Traversable
    from pathlib import Path

    from newsletter.settings import Workspace

_NEW_ISSUE = "new-issue.md"


def make_workspace(folder: Path) -> tuple[list[Path], list[Path]]:
    """Copy the starter into a folder; returns (files made, files that were there and stay)."""
    made: list[Path] = []
    kept: list[Path] = []
    for source, relative in _files(files("newsletter.templates") / "starter"):
        target = folder / relative
        if relative == _NEW_ISSUE:
            continue
        if target.exists():
            kept.append(target)
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(source.read_bytes())
        made.append(target)
    env = folder / ".env"
    if not env.exists() or SECRET not in env.read_text(encoding="utf-8"):
        add_secret(folder)
        made.append(env)
    return made, kept


def _files(folder: Traversable, prefix: str = "") -> Iterator[tuple[Traversable, str]]:
    for entry in sorted(folder.iterdir(), key=lambda item: item.name):
        name = f"{prefix}{entry.name}"
        if entry.is_dir():
            yield from _files(entry, f"{name}/")
        else:
            yield entry, name


def begin_issue(place: Workspace, title: str, slug: str | None, now: datetime) -> Path:
    """Copy the issue skeleton to issues/<slug>/issue.md.

    Raises:
        click.UsageError: the title or slug cannot be used, or the issue exists.
    """
    title = " ".join(title.split())
    name = slug or slug_of_title(title)
    if not title or not re.fullmatch(r"[a-z0-9][a-z0-9-]*", name):
        msg = f"Cannot make a folder name from {(slug or title)!r}. Give one: --slug my-issue (a-z, 0-9 and hyphens)."
        raise click.UsageError(msg)
    path = place.issues / name / "issue.md"
    if path.exists():
        msg = f"{path} exists already. Edit it, or choose another name with --slug."
        raise click.UsageError(msg)
    day = now.astimezone(ZoneInfo(place.settings.newsletter.timezone)).date()
    skeleton = (files("newsletter.templates") / "starter" / _NEW_ISSUE).read_text(encoding="utf-8")
    path.parent.mkdir(parents=True, exist_ok=True)
    quoted = json.dumps(title, ensure_ascii=False)  # also a YAML text
    path.write_text(skeleton.replace("__TITLE__", quoted).replace("__DATE__", day.isoformat()), encoding="utf-8")
    return path


def slug_of_title(title: str) -> str:
    """Lower-case ASCII letters, digits and hyphens, at most 60."""
    ascii_ = unicodedata.normalize("NFKD", title.replace("ß", "ss")).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", ascii_.lower()).strip("-")[:60].strip("-")
