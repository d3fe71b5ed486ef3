"""The issues that anybody may read on the pages: those whose mailing began to a list with an open archive.

What went to a public list is public, and then shows what public lists got; a version that only others got stays theirs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import and_, func, or_, select

from newsletter.model.rendered import Rendered
from newsletter.model.subscriber import Archive
from newsletter.store import tables as t
from newsletter.store.people.lists import LIST_COLUMNS, list_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import ColumnElement, Select, Subquery
    from sqlalchemy.engine import Connection

    from newsletter.model.subscriber import MailingList


@dataclass(frozen=True, kw_only=True)
class Archived:
    """An issue that may be shown. `fingerprint` is that of its newest bytes, of the variant for readers in no segment."""

    issue: str
    archive: Archive
    fingerprint: str
    #: when it first went out
    sent_at: datetime
    #: when what is shown changed last: other bytes, or a correction that came or went
    updated_at: datetime

    @property
    def public(self) -> bool:
        return self.archive is Archive.PUBLIC


@dataclass(frozen=True, kw_only=True)
class Shelf:
    """What of a database is archive. `practice`: mailings that reached nobody count too, since there are no others."""

    practice: bool = False

    def find(self, connection: Connection, issue: str) -> Archived | None:
        """The issue of this name; None where it is hidden, was not sent, or is not there."""
        if "\0" in issue:  # which PostgreSQL cannot even be asked for
            return None
        for archive in (Archive.PUBLIC, Archive.UNLISTED):
            issues = self._issues(archive, t.mailings.c.issue == issue)
            if found := _read(connection, select(issues), archive):
                return found[0]
        return None

    def page(
        self, connection: Connection, *, most: int, before: Archived | None = None, of: MailingList | None = None
    ) -> list[Archived]:
        """Public issues, the newest first; only those that came out before another one, or went to one list."""
        issues = self._issues(Archive.PUBLIC)
        query = select(issues).order_by(issues.c.sent_at.desc(), issues.c.issue.desc()).limit(most)
        if before:
            same_time = and_(issues.c.sent_at == before.sent_at, issues.c.issue < before.issue)
            query = query.where(or_(issues.c.sent_at < before.sent_at, same_time))
        return _read(connection, self._of_list(query, issues, of), Archive.PUBLIC)

    def changed(self, connection: Connection, *, most: int, of: MailingList | None = None) -> list[Archived]:
        """Public issues, those first that changed last."""
        issues = self._issues(Archive.PUBLIC)
        query = select(issues).order_by(issues.c.updated_at.desc(), issues.c.issue.desc()).limit(most)
        return _read(connection, self._of_list(query, issues, of), Archive.PUBLIC)

    def _of_list(
        self, query: Select[tuple[object, ...]], issues: Subquery, of: MailingList | None
    ) -> Select[tuple[object, ...]]:
        if of is None:
            return query
        to_it = select(t.mailing_lists.c.mailing).where(t.mailing_lists.c.list == of.number)
        return query.where(
            issues.c.issue.in_(select(t.mailings.c.issue).where(self._begun, t.mailings.c.number.in_(to_it)))
        )

    @property
    def _begun(self) -> ColumnElement[bool]:
        """A mailing that was a rehearsal is known to nobody outside; it must not become public here."""
        begun = t.mailings.c.started_at.is_not(None)
        return begun if self.practice else and_(begun, t.mailings.c.real.is_not(False))

    def _issues(self, archive: Archive, *only: ColumnElement[bool]) -> Subquery:
        """One row for each issue that went to a list with such an archive."""
        own = t.mailings.c
        to_open = (
            select(t.mailing_lists.c.mailing)
            .join(t.lists, t.lists.c.number == t.mailing_lists.c.list)
            .where(t.lists.c.archive == archive)
        )
        newest_first = (own.started_at.desc(), own.number.desc())
        sent = (
            select(
                own.issue,
                own.fingerprint,
                func.min(own.started_at).over(partition_by=own.issue).label("sent_at"),
                # the same bytes to people who joined later are no change
                func.min(own.started_at).over(partition_by=(own.issue, own.fingerprint)).label("since"),
                func.row_number().over(partition_by=own.issue, order_by=newest_first).label("place"),
            )
            .where(self._begun, own.number.in_(to_open), *only)
            .subquery()
        )
        noted = t.corrections.c
        moved = func.coalesce(noted.withdrawn_at, noted.at)
        # looked up for each issue, by an index: SQLite would join two lists of thousands line by line
        corrected = select(func.max(moved)).where(noted.issue == sent.c.issue, moved > sent.c.since).scalar_subquery()
        changed = func.coalesce(corrected, sent.c.since)
        return (
            select(sent.c.issue, sent.c.fingerprint, sent.c.sent_at, changed.label("updated_at"))
            .where(sent.c.place == 1)
            .subquery()
        )


def public_lists(connection: Connection) -> tuple[MailingList, ...]:
    """Lists whose issues everybody may read, by title."""
    query = select(*LIST_COLUMNS).where(t.lists.c.archive == Archive.PUBLIC)
    rows = connection.execute(query.order_by(t.lists.c.title, t.lists.c.number)).mappings()
    return tuple(list_of(row) for row in rows)


def opened_at(connection: Connection) -> datetime | None:
    """When the first of the public lists was made: nothing in the archive is older. None where there is no public list."""
    since: datetime | None = connection.scalar(
        select(func.min(t.lists.c.created_at)).where(t.lists.c.archive == Archive.PUBLIC)
    )
    return since


def contents(connection: Connection, issues: Iterable[Archived]) -> dict[str, Rendered]:
    """The stored bytes of issues, by their fingerprints."""
    own = t.rendered.c
    wanted = {one.fingerprint for one in issues}
    rows = connection.execute(select(own.fingerprint, own.content).where(own.fingerprint.in_(wanted)))
    return {row.fingerprint: Rendered.from_json(row.content) for row in rows}


def _read(connection: Connection, query: Select[tuple[object, ...]], archive: Archive) -> list[Archived]:
    rows = connection.execute(query).all()
    return [Archived(**row._mapping, archive=archive) for row in rows]  # noqa: SLF001 - SQLAlchemy's public name
