"""Versions of issues: kept once, never changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select

from newsletter.model.staff import Author
from newsletter.model.version import Version
from newsletter.model.waiver import Waiver, WaiverKind
from newsletter.store import rendered as stored
from newsletter.store import tables as t
from newsletter.store.database import insert_if_new, insert_or_ignore

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Row
    from sqlalchemy.engine import Connection

    from newsletter.model.rendered import ImageFile, Rendered


def keep(
    connection: Connection,
    version: Version,
    variants: Sequence[Rendered],
    pictures: Sequence[ImageFile],
    texts: Mapping[str, str],
) -> int:
    """Store a version, its bytes and its source texts (hash -> text); returns its number, that of one which is there already."""
    stored.keep(connection, version.issue, variants, pictures, version.sources_digest, version.created_at)
    insert_or_ignore(connection, t.source_texts, [{"hash": key, "content": text} for key, text in texts.items()])
    if known := find(connection, version.fingerprint):  # a number that is tried in vain is lost
        return known.number
    row = {
        "issue": version.issue,
        "fingerprint": version.fingerprint,
        "sources_digest": version.sources_digest,
        "sources": dict(version.sources),
        "authors": [author.as_json() for author in version.authors],
        "commit_id": version.commit,
        "waivers": [waiver.as_json() for waiver in version.waivers],
        "checks": [dict(problem) for problem in version.checks],
        "created_at": version.created_at,
    }
    number = insert_if_new(connection, t.versions, row)
    if number is None:  # another process was quicker
        return int(
            connection.scalar(select(t.versions.c.number).where(t.versions.c.fingerprint == version.fingerprint)) or 0
        )
    rows = [{"version": number, "variant": name, "fingerprint": print_} for name, print_ in version.variants.items()]
    connection.execute(insert(t.version_variants), rows)
    return number


def get(connection: Connection, number: int) -> Version:
    """The version of this number, which must exist."""
    return _version(connection, connection.execute(select(t.versions).where(t.versions.c.number == number)).one())


def find(connection: Connection, fingerprint: str) -> Version | None:
    row = connection.execute(select(t.versions).where(t.versions.c.fingerprint == fingerprint)).one_or_none()
    return _version(connection, row) if row else None


def is_whole(connection: Connection, number: int, variants: Mapping[str, str]) -> bool:
    """Whether a version, and these bytes as its variants, are still what was stored and signed: nobody changed the database."""
    row = connection.execute(select(t.versions).where(t.versions.c.number == number)).one_or_none()
    version = _version(connection, row) if row else None
    if row is None or version is None or version.fingerprint != row.fingerprint or dict(variants) != version.variants:
        return False
    return all(stored.is_whole(connection, content) for content in variants.values())


def of_issue(connection: Connection, issue: str) -> tuple[Version, ...]:
    """All versions of an issue that were stored, the newest first."""
    rows = connection.execute(
        select(t.versions).where(t.versions.c.issue == issue).order_by(t.versions.c.number.desc())
    ).all()
    return tuple(_version(connection, row) for row in rows)


def text_of(connection: Connection, hash_: str) -> str | None:
    """A source text by its hash; None for what is not text, such as an image."""
    content: str | None = connection.scalar(select(t.source_texts.c.content).where(t.source_texts.c.hash == hash_))
    return content


def _version(connection: Connection, row: Row[Any]) -> Version:
    own = t.version_variants.c
    pairs = connection.execute(
        select(own.variant, own.fingerprint).where(own.version == row.number).order_by(own.variant)
    )
    return Version(
        number=row.number,
        issue=row.issue,
        variants={pair.variant: pair.fingerprint for pair in pairs},
        sources=row.sources,
        authors=tuple(Author.from_json(author) for author in row.authors),
        commit=row.commit_id,
        waivers=tuple(Waiver(**{**waiver, "kind": WaiverKind(waiver["kind"])}) for waiver in row.waivers),
        checks=row.checks,
        created_at=row.created_at,
    )
