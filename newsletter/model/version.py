"""A version of an issue: all the bytes that go, what they were made from, and who signed it off."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from newsletter.model.staff import Author
    from newsletter.model.waiver import Waiver


@dataclass(frozen=True, kw_only=True)
class Version:
    """`number` is 0 until it is stored. An approval is bound to its fingerprint."""

    number: int = 0
    issue: str
    #: variant -> fingerprint of its Rendered
    variants: Mapping[str, str]
    #: label -> SHA-256; labels are such as "issues/walking/issue.md", "reference smith2020", "image knee-1a2b.png"
    sources: Mapping[str, str] = field(default_factory=dict)
    authors: Sequence[Author] = ()
    #: the git commit, with + behind it where files were changed since; empty where there is none
    commit: str = ""
    waivers: Sequence[Waiver] = ()
    #: what the checks found, as `check --json` tells it
    checks: Sequence[Mapping[str, Any]] = ()
    created_at: datetime

    @property
    def sources_digest(self) -> str:
        return digest_of(self.sources)

    @property
    def fingerprint(self) -> str:
        """SHA-256, in hex, over what a reader receives, what it was made from and what was let stand."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()

    def to_json(self) -> str:
        """Canonical JSON: the form that is hashed."""
        parts = {
            "issue": self.issue,
            "variants": dict(self.variants),
            "sources": dict(self.sources),
            "waivers": sorted(json.dumps(one.as_json(), sort_keys=True) for one in self.waivers),
        }
        return json.dumps(parts, sort_keys=True)


def digest_of(sources: Mapping[str, str]) -> str:
    """SHA-256 over label -> SHA-256."""
    return hashlib.sha256(json.dumps(dict(sources), sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True, kw_only=True)
class Approval:
    """A person's sign-off of one version. `roles` are those that they had then."""

    number: int
    version: int
    #: number of the person
    staff: int
    name: str
    roles: tuple[str, ...] = ()
    comment: str = ""
    at: datetime
    withdrawn_at: datetime | None = None
    withdrawn_why: str = ""
