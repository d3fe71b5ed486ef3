"""The bytes that go, and their images: stored once, under their hash."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from sqlalchemy import select

from newsletter.model.rendered import ImageFile, Rendered
from newsletter.store.database import insert_or_ignore
from newsletter.store.tables import images, rendered

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.engine import Connection


def keep(
    connection: Connection,
    issue: str,
    variants: Sequence[Rendered],
    pictures: Sequence[ImageFile],
    sources_digest: str,
    now: datetime,
) -> None:
    """Store variants of an issue; one that is there already stays as it is."""
    rows = [
        {
            "fingerprint": content.fingerprint,
            "issue": issue,
            "variant": content.variant,
            "content": content.to_json(),
            "sources_digest": sources_digest,
            "created_at": now,
        }
        for content in variants
    ]
    insert_or_ignore(connection, rendered, rows)
    keep_pictures(connection, pictures)


def keep_pictures(connection: Connection, pictures: Sequence[ImageFile]) -> None:
    """Store images, for the pages to serve; one that is there already stays as it is."""
    files = [{"name": p.name, "media_type": p.media_type, "content": p.content} for p in pictures]
    insert_or_ignore(connection, images, files)


def load(connection: Connection, fingerprint: str) -> Rendered:
    """The stored bytes of this fingerprint, which must exist."""
    content = connection.scalar(select(rendered.c.content).where(rendered.c.fingerprint == fingerprint))
    return Rendered.from_json(str(content))


def is_whole(connection: Connection, fingerprint: str) -> bool:
    """Whether the stored bytes of this fingerprint are there, as they were stored, and all images inside."""
    content = connection.scalar(select(rendered.c.content).where(rendered.c.fingerprint == fingerprint))
    if content is None or hashlib.sha256(content.encode()).hexdigest() != fingerprint:
        return False
    inside = {*Rendered.from_json(content).images}
    return inside == {*connection.scalars(select(images.c.name).where(images.c.name.in_(inside)))}


def pictures_of(connection: Connection, content: Rendered) -> tuple[ImageFile, ...]:
    """The images inside, in their order."""
    rows = connection.execute(select(images).where(images.c.name.in_(content.images)))
    found = {row.name: ImageFile(**row._mapping) for row in rows}  # noqa: SLF001 - SQLAlchemy's public name
    return tuple(found[name] for name in content.images)


def image(connection: Connection, name: str) -> ImageFile | None:
    row = connection.execute(select(images).where(images.c.name == name)).one_or_none()
    return ImageFile(**row._mapping) if row else None  # noqa: SLF001 - SQLAlchemy's public name
