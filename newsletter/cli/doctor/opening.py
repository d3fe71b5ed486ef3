"""What the look needs: the database as it is, a way to our pages, the content of a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.errors import DatabaseGone, DatabaseTooNew, FileUnreadable, NewsletterError, ServiceMissing

if TYPE_CHECKING:
    from pathlib import Path

    from newsletter.probe.link_request import Requests
    from newsletter.settings import Workspace
    from newsletter.store.database import Store


def opened(place: Workspace) -> tuple[Store | None, str]:
    """The database, not upgraded and not made; or why it cannot be opened, "" where there is none yet."""
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import SQLAlchemyError

    from newsletter.store.database import Store
    from newsletter.store.upkeep.sqlite_file import file_of
    from newsletter.store.witness import names_one_that_is_gone

    try:
        is_file = place.database_url.startswith("sqlite")
        if is_file and (file := file_of(make_url(place.database_url))) and not file.exists():
            return None, f"{DatabaseGone(str(file), '')}" if names_one_that_is_gone(file) else ""
        return Store(place.database_url, as_it_is=True), ""
    except ServiceMissing as why:
        return None, why.why
    except (DatabaseTooNew, NewsletterError) as why:
        return None, str(why)
    except (OSError, SQLAlchemyError) as why:
        return None, str(getattr(why, "orig", None) or why).splitlines()[0]


def asking() -> Requests:
    """Seen from outside: only public addresses are looked at."""
    from newsletter.probe.pages import Pages

    return Pages(base_url="").requests


def content_of(file: Path) -> bytes:
    """No more than we would read.

    Raises:
        FileUnreadable
    """
    from newsletter.pipeline.doctor.delivered import MOST_BYTES

    try:
        if not file.is_file():
            raise FileUnreadable(file, "there is no such file" if not file.exists() else "it is not a file on a disk")
        with file.open("rb") as opened_file:
            return opened_file.read(MOST_BYTES + 1)
    except OSError as why:
        raise FileUnreadable(file, why.strerror or str(why)) from None
