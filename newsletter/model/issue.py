"""One edition of the newsletter, as its author wrote it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from newsletter.model.problem import Place

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

    from newsletter.model.document import Blocks, Words


@dataclass(frozen=True, kw_only=True)
class IgnoredCheck:
    code: str
    reason: str
    at: Place | None = field(default=None, compare=False)


@dataclass(frozen=True, kw_only=True)
class Issue:
    """The content of one issue file; see docs/issue-format.md for every key."""

    slug: str
    #: the file that was read; references and images are looked for beside it
    path: Path
    title: str
    subject: Words
    preheader: Words
    language: str
    template: str
    citation_style: str
    body: Blocks
    date: date | None = None
    authors: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    audience: tuple[str, ...] = ()
    disclaimers: tuple[str, ...] = ()
    variables: Mapping[str, str] = field(default_factory=dict)
    ignored_checks: tuple[IgnoredCheck, ...] = ()
    #: where each front-matter key stands
    places: Mapping[str, Place] = field(default_factory=dict)

    def place(self, key: str) -> Place:
        """Where a front-matter key stands, or the top of the file."""
        return self.places.get(key, Place(file=str(self.path), line=1, column=1))
