"""What mail programs support: caniemail.com's table, read from its own form or from the short one that we keep.

The short form says for each feature its title and one letter for each program: y yes, a partly, n no, u unknown,
`-` never tried. It is sorted and has a line for each feature, so that a renewal shows in `git diff`.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from newsletter.model.mail_programs import PROGRAMS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SOURCE = "caniemail.com"
FILE_NAME = "caniemail.json"
#: fewer features than this are not the table, or a broken piece of it
_FEWEST = 200
_LETTERS = frozenset("yanu-")
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class BadTable(ValueError):
    """It is not a table of caniemail.com; the text says why."""


@dataclass(frozen=True, kw_only=True)
class ClientTable:
    """The table as of a day. `support` has for each feature one letter for each of `programs`."""

    day: date
    programs: tuple[str, ...]
    titles: Mapping[str, str]
    support: Mapping[str, str]

    def letters(self, feature: str) -> dict[str, str]:
        """Program -> letter; nothing for a feature that the table does not have."""
        return dict(zip(self.programs, self.support.get(feature, ""), strict=False))

    def as_text(self) -> str:
        """The short form."""
        rows = [f"{_json(slug)}: {_json([self.titles[slug], self.support[slug]])}" for slug in sorted(self.titles)]
        programs = _json(list(self.programs))
        head = f'{{\n"source": "{SOURCE}",\n"date": "{self.day}",\n"programs": {programs},\n"features": {{\n'
        return head + ",\n".join(rows) + "\n}\n}\n"


def read_table(text: str | bytes) -> ClientTable:
    """The table in either form.

    Raises:
        BadTable: it is neither, or so little of it that no mail could be judged.
    """
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        raise BadTable("it is not JSON") from None
    if not isinstance(data, dict):
        raise BadTable("it is not a table of caniemail.com")
    try:
        table = _short(data) if "features" in data else _original(data)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as why:
        raise BadTable(f"it is not a table of caniemail.com ({type(why).__name__}: {str(why)[:80]})") from None
    if len(table.titles) < _FEWEST or not set(PROGRAMS) & set(table.programs):
        raise BadTable(f"it has {len(table.titles)} features of our programs; the whole table has more than {_FEWEST}")
    return table


@lru_cache(maxsize=1)
def shipped_table() -> ClientTable:
    """The table that came with this version; newsletter/check/clients/data/README.md says from where."""
    return read_table(files("newsletter.check.clients").joinpath("data", FILE_NAME).read_bytes())


def table_for(folder: Path | None) -> ClientTable:
    """The workspace's own table where it has a newer one than ours. One that cannot be read is as good as none."""
    own = _own_table(folder) if folder else None
    return own if isinstance(own, ClientTable) and own.day > shipped_table().day else shipped_table()


def why_unreadable(folder: Path | None) -> str:
    """What is wrong with the workspace's own table; empty where there is none, or a sound one."""
    own = _own_table(folder) if folder else None
    return own if isinstance(own, str) else ""


def _own_table(folder: Path) -> ClientTable | str | None:
    path = folder / FILE_NAME
    try:
        return _read_own(path, path.stat().st_mtime_ns)
    except FileNotFoundError:
        return None
    except OSError as why:
        return why.strerror or str(why)


@lru_cache(maxsize=4)
def _read_own(path: Path, _changed: int) -> ClientTable | str:
    try:
        return read_table(path.read_bytes())
    except BadTable as why:
        return str(why)


def _short(data: dict[str, Any]) -> ClientTable:
    programs = tuple(str(name) for name in data["programs"])
    features = {_slug(slug): (str(title), _row(row, len(programs))) for slug, (title, row) in data["features"].items()}
    return ClientTable(
        day=date.fromisoformat(data["date"]),
        programs=programs,
        titles={slug: title for slug, (title, _) in features.items()},
        support={slug: row for slug, (_, row) in features.items()},
    )


def _original(data: dict[str, Any]) -> ClientTable:
    """Of the versions of a program the last one is today's."""
    features = {_slug(one["slug"]): one for one in data["data"]}
    return ClientTable(
        day=date.fromisoformat(data["last_update_date"][:10]),
        programs=tuple(sorted(PROGRAMS)),
        titles={slug: " ".join(str(one["title"]).split())[:80] for slug, one in features.items()},
        support={slug: _row(_letters(one["stats"]), len(PROGRAMS)) for slug, one in features.items()},
    )


def _letters(stats: dict[str, Any]) -> str:
    found = []
    for program in sorted(PROGRAMS):
        family, _, platform = program.partition(".")
        versions = list(stats.get(family, {}).get(platform, {}).values())
        found.append(versions[-1].strip()[:1] if versions else "-")
    return "".join(found)


def _row(letters: str, count: int) -> str:
    if len(letters) != count or not set(letters) <= _LETTERS:
        raise ValueError(f"a row of {letters[:60]!r}")
    return letters


def _slug(name: str) -> str:
    if not _SLUG.fullmatch(name):
        raise ValueError(f"a feature called {name[:40]!r}")
    return name


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
