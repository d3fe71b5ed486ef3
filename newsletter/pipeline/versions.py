"""A prepared issue -> the version of it that is stored, signed off and sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.model.staff import Author
from newsletter.model.version import Version
from newsletter.pipeline.sources import hash_of, hashes_of

if TYPE_CHECKING:
    from datetime import datetime

    from newsletter.pipeline.issue import Prepared


def version_of(prepared: Prepared, now: datetime) -> Version:
    """The version that a prepared issue without errors is."""
    issue = prepared.issue
    return Version(
        issue=prepared.slug,
        variants={one.variant: one.fingerprint for one in prepared.variants},
        sources=hashes_of(prepared.sources, [image.name for image in prepared.images]),
        authors=tuple(Author(name=name) for name in issue.authors) if issue else (),
        waivers=tuple(prepared.waivers),
        checks=tuple(problem.as_json() for problem in prepared.problems),
        created_at=now,
    )


def texts_of(prepared: Prepared) -> dict[str, str]:
    """SHA-256 -> source text, to be kept with the version."""
    return {hash_of(text): text for text in prepared.sources.values()}
