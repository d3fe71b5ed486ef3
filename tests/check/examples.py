"""The examples of the rule book: each made into a workspace of its own, and what the checks say to it."""

from __future__ import annotations

import json
import tomllib
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from PIL import Image

from newsletter.check import check_issue
from newsletter.check.outside import Outside
from newsletter.check.page_of_rule import ISSUE
from newsletter.check.rulebook import Scope
from newsletter.errors import BadSettings
from newsletter.model.document import cited_keys
from newsletter.model.spam_verdict import SpamReason, SpamVerdict
from newsletter.model.visit import Visit, VisitOutcome
from newsletter.pipeline import prepare
from newsletter.pipeline.knowledge import knowledge_of
from newsletter.read import read_issue
from newsletter.references import load
from newsletter.settings import load as load_settings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from newsletter.check.rulebook import Rule
    from newsletter.model.problem import Problem
    from newsletter.settings import Workspace

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
FRONT_MATTER = """\
---
title: Walking after a knee operation
preheader: How far, how often, and when to stop and call us
date: 2026-12-01
---

"""
SETTINGS: Mapping[str, Any] = {
    "newsletter": {"name": "Larkmeadow Letters", "base_url": "https://news.example.org"},
    "sender": {
        "name": "Larkmeadow Joint Clinic",
        "address": "letters@example.org",
        "reply_to": "ask@example.org",
        "postal_address": "12 Example Street, Springfield, CA 90001",
        "phone": "213-555-0142",
        "website": "https://example.org",
    },
}
REFERENCES = [
    {
        "id": key,
        "type": "article-journal",
        "title": title,
        "author": [{"family": "Example", "given": "Ada"}],
        "container-title": "Journal of Examples",
        "issued": {"date-parts": [[year, 3, 1]]},
        "volume": "7",
        "page": "12-19",
        "DOI": f"10.1234/{key}",
    }
    for key, title, year in (("ok2020", "Walking early after surgery", 2020), ("ok2021", "Stairs and strength", 2021))
]
#: what the pages of these hosts answer
VISITS = {
    "gone.example": Visit(outcome=VisitOutcome.GONE, status=404),
    "moved.example": Visit(outcome=VisitOutcome.MOVED, status=200, where="https://good.example/"),
    "slow.example": Visit(outcome=VisitOutcome.TIMEOUT),
    "down.example": Visit(outcome=VisitOutcome.FAILED, detail="no server answers"),
    "refused.example": Visit(outcome=VisitOutcome.REFUSED, status=403),
    "private.example": Visit(outcome=VisitOutcome.NOT_LOOKED, detail="a private address"),
}


class Answers:
    """Looks nowhere: every address answers as its host says, all others well."""

    def look(self, urls: Sequence[str]) -> Mapping[str, Visit]:
        return {
            url: VISITS.get(urlsplit(url).hostname or "", Visit(outcome=VisitOutcome.OK, status=200)) for url in urls
        }


class Judge:
    """A spam filter that dislikes one word."""

    def judge(self, mail: bytes) -> SpamVerdict | None:
        bad = b"miracle" in mail.lower()
        reasons = (SpamReason(points=6.0, name="MIRACLE", words="Promises a miracle"),) if bad else ()
        return SpamVerdict(score=6.0 if bad else 0.0, threshold=5.0, reasons=reasons)


def problems_of(rule: Rule[Any], files: Mapping[str, str], folder: Path, *, rendered: bool) -> list[Problem]:
    """What the checks say to an example, before it is rendered or also after."""
    write(files, folder)
    try:
        workspace = load_settings(folder, {})
    except BadSettings as why:
        return list(why.problems)
    path = folder / "issues" / "example" / ISSUE
    if not rendered:
        return _before_rendering(workspace, path)
    outside = {Scope.ONLINE: Outside(links=Answers()), Scope.SPAM: Outside(spam=Judge())}.get(rule.scope)
    return list(prepare(workspace, path, NOW, outside).problems)


def _before_rendering(workspace: Workspace, path: Path) -> list[Problem]:
    reading = read_issue(path, workspace.settings, load, workspace.folder)
    issue = reading.issue
    if issue is None:
        return list(reading.problems)
    cited = [reading.references[key] for key in cited_keys(issue.body)]
    knowledge, found = knowledge_of(workspace, issue, reading.references, NOW)
    problems = check_issue(issue, cited, workspace.settings, reading.source, knowledge=knowledge)
    return [*reading.problems, *found, *problems]


def write(files: Mapping[str, str], folder: Path) -> None:
    """The example as a workspace: what it does not say is ordinary."""
    issue = folder / "issues" / "example"
    issue.mkdir(parents=True)
    for name, content in _ordinary().items():
        (issue / name).write_bytes(content)
    (folder / "newsletter.toml").write_text(_settings(files.get("newsletter.toml", "")), "utf-8")
    body = files.get(ISSUE, "Walk a little every day.\n")
    (issue / ISSUE).write_text(body if body.startswith("---") else FRONT_MATTER + body, "utf-8")
    for name, text in files.items():
        if name not in {ISSUE, "newsletter.toml"}:
            path = (folder if "/" in name else issue) / name.removeprefix("./")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")


@cache
def _ordinary() -> Mapping[str, bytes]:
    return {
        "refs.json": json.dumps(REFERENCES).encode(),
        "photo.jpg": _picture("JPEG", (1200, 800)),
        "small.png": _picture("PNG", (60, 40)),
    }


def _picture(kind: str, size: tuple[int, int]) -> bytes:
    content = BytesIO()
    Image.new("RGB", size, "#0b6e4f").save(content, kind)
    return content.getvalue()


def _settings(piece: str) -> str:
    """The piece laid over ordinary settings; as it stands where it says that it is all, or cannot be read."""
    if piece.startswith("# all of it"):
        return piece
    try:
        given = tomllib.loads(piece)
    except tomllib.TOMLDecodeError:
        return piece
    return "\n".join(_toml(_over(SETTINGS, given)))


def _over(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    both = {**below, **above}
    for key in below.keys() & above.keys():
        if isinstance(below[key], dict) and isinstance(above[key], dict):
            both[key] = _over(below[key], above[key])
    return both


def _toml(table: Mapping[str, Any], name: str = "") -> list[str]:
    lines = [f"[{name}]"] if name else []
    lines += [f"{json.dumps(key)} = {_value(value)}" for key, value in table.items() if not isinstance(value, dict)]
    for key, value in table.items():
        if isinstance(value, dict):
            lines += _toml(value, f"{name}.{json.dumps(key)}" if name else json.dumps(key))
    return lines


def _value(value: object) -> str:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str | int | float | list) else str(value)
