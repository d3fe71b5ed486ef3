"""Suppressions here and at the provider, brought into line: read page by page, told in batches.

A pull suppresses and changes nothing else; a push tells what the provider does not know yet, and takes back what it was told of
readers who may be mailed again. What was done stays done when it is interrupted, and the same again goes on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from newsletter.compose.carrying import wire_address
from newsletter.errors import ProviderFailed
from newsletter.model.audit import Action
from newsletter.model.identity import identity
from newsletter.model.mirror import SyncReport
from newsletter.model.suppressing import Suppressed, Suppressing
from newsletter.pipeline.syncing_apart import Apart, apart
from newsletter.store import audit
from newsletter.store.suppressions import hold_still, many, mirrored
from newsletter.subscribers.importing.seen import nobody_seen
from newsletter.subscribers.suppressions.deciding import whose

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
    from datetime import datetime

    from newsletter.keys import Keys
    from newsletter.model.mirror import HeldBack
    from newsletter.store.database import Store
    from newsletter.subscribers.importing.seen import Seen

_BATCH = 500
#: of a report: what was changed, here or there
_CHANGES = ("new", "graver", "forgotten", "pushed", "taken_back")


class SuppressionMirror(Protocol):
    """Whom a provider holds back. Every method raises ProviderFailed where the provider does not do it."""

    @property
    def esp(self) -> str:
        """As `esp.name` has it."""

    @property
    def name(self) -> str:
        """For people."""

    def pull(self) -> Iterator[Sequence[HeldBack]]:
        """Everybody whom it holds back for good, page by page."""

    def push(self, addresses: Sequence[str]) -> Sequence[str]:
        """Have them held back; those that it does not take. A failure says whether it is certain that none was taken."""

    def take_back(self, address: str) -> None:
        """Undo a push, and nothing else."""

    def forget(self, address: str) -> bool:
        """Have it forget an address, whyever it holds it back; whether it did."""


class Sync:
    """`progress` is told how many people were dealt with so far."""

    def __init__(
        self,
        store: Store,
        keys: Keys,
        mirror: SuppressionMirror,
        now: datetime,
        *,
        dry_run: bool = False,
        progress: Callable[[int], None] = lambda _: None,
    ) -> None:
        self.report = SyncReport(provider=mirror.name, dry_run=dry_run)
        self._store, self._keys, self._mirror, self._now = store, keys, mirror, now
        self._progress, self._done = progress, 0
        #: erased here, and still known there
        self._erased: dict[str, None] = {}

    def run(self, *, pull: bool, push: bool, forget_erased: bool = False) -> SyncReport:
        """First what the provider knows, so that it is not told that again."""
        with nobody_seen() as seen:
            if pull:
                self._pull(seen)
            if forget_erased and not self.report.dry_run:
                self._forget_erased()
            if push:
                self._take_back()
                self._push(seen)
        return self.report

    def note(self) -> None:
        """For the audit log: what was done so far, if anything was."""
        done = {name: many for name in _CHANGES if (many := getattr(self.report, name))}
        if done and not self.report.dry_run:
            with self._store.write() as connection:
                facts = {"provider": self._mirror.name, "people": done}
                audit.note(connection, Action.SUPPRESSIONS_SYNCED, "suppressions", self._now, **facts)

    def _pull(self, seen: Seen) -> None:
        for page in self._mirror.pull():
            self._take(page, seen)
            self._advance(len(page))
        self.report.erased = len(self._erased)
        if not self.report.dry_run:
            with self._store.write() as connection:
                mirrored.forget_unseen(connection, self._mirror.esp, self._now)

    def _take(self, page: Sequence[HeldBack], seen: Seen) -> None:
        there = [(entry, person) for entry in page if (person := self._whose(entry))]
        hashes = self._keys.identity_hashes(person for _, person in there)
        entries = [
            (entry, self._suppressing(entry, person, key)) for (entry, person), key in zip(there, hashes, strict=True)
        ]
        for (entry, ours), outcome in zip(entries, self._suppress(entries), strict=True):
            if outcome is Apart.ERASED:
                self._erased[entry.address] = None
            elif outcome is Apart.SOFT:
                self.report.soft += 1
            else:
                self._count(ours, Suppressed.KNOWN if outcome is Apart.TOLD_BY_US else outcome, seen)

    def _whose(self, entry: HeldBack) -> str:
        try:
            return whose(entry.address.strip())
        except ValueError:
            self.report.unusable += 1
            return ""

    def _suppressing(self, entry: HeldBack, person: str, key: str) -> Suppressing:
        since = entry.at if entry.at and entry.at <= self._now else None
        return Suppressing(identity_hash=key, identity=person, reason=entry.reason, source=self._mirror.name, at=since)

    def _suppress(self, entries: Sequence[tuple[HeldBack, Suppressing]]) -> list[Suppressed | Apart]:
        """What became of each; one transaction."""
        dry, hashes = self.report.dry_run, [ours.identity_hash for _, ours in entries]
        with self._store.read() if dry else self._store.write() as connection:
            if not dry:
                hold_still(connection)  # nobody is erased in between
            erased = mirrored.erased_among(connection, hashes)
            told = mirrored.told_among(connection, self._mirror.esp, hashes)
            why_not = [apart(*entry, erased, told) for entry in entries]
            news = [ours for (_, ours), why in zip(entries, why_not, strict=True) if why is None]
            outcomes = iter((many.foresee_many if dry else many.add_many)(connection, news, self._now))
            if not dry:
                mirrored.remember(connection, self._mirror.esp, [one for one in hashes if one not in erased], self._now)
        return [next(outcomes) if why is None else why for why in why_not]

    def _count(self, entry: Suppressing, outcome: Suppressed, seen: Seen) -> None:
        """People, by their first entry."""
        report = self.report
        if seen.first_line(entry.identity_hash, 0) is not None:
            report.repeated += 1
        elif outcome is Suppressed.LIFTED_SINCE:
            report.lifted_since += 1
        else:
            report.new += outcome is Suppressed.NEW
            report.already += outcome is not Suppressed.NEW
            report.graver += outcome is Suppressed.GRAVER
            report.reasons[entry.reason] = report.reasons.get(entry.reason, 0) + 1

    def _forget_erased(self) -> None:
        for address in self._erased:
            self._mirror.forget(address)
            self.report.forgotten += 1
            self._advance(1)

    def _take_back(self) -> None:
        """Of readers who may be mailed again: who came back, or whose suppression was lifted."""
        after = ""
        while batch := self._batch(mirrored.to_take_back, after):
            after = batch[-1][0]
            for key, address in batch:
                if not self.report.dry_run:
                    self._mirror.take_back(wire_address(identity(address)))
                    with self._store.write() as connection:
                        mirrored.forget(connection, key, self._mirror.esp)
                self.report.taken_back += 1

    def _push(self, seen: Seen) -> None:
        after = ""
        while batch := self._batch(mirrored.unknown_to, after):
            after = batch[-1][0]
            told = {wire: key for key, person in batch if (wire := wire_address(person))}
            if self.report.dry_run:  # what the pull has shown was not stored
                self.report.pushed += len(told) - len(seen.lines_of(list(told.values())))
                continue
            taken = self._tell(told) if told else 0
            self.report.pushed += taken
            self.report.refused += len(batch) - taken
            self._advance(len(batch))

    def _tell(self, told: Mapping[str, str]) -> int:
        """Address -> hash; how many were taken.

        It is noted before: if we are killed after it, the next pull must not take our word for the readers' own. In doubt
        the note stays, and a pull that does not find them there lets go of it.
        """
        esp = self._mirror.esp
        with self._store.write() as connection:
            mirrored.remember(connection, esp, [*told.values()], self._now, told=True)
        refused: Collection[str] = ()
        try:
            refused = self._mirror.push(list(told))
        except ProviderFailed as why:
            refused = list(told) if why.certain else ()
            raise
        finally:
            if refused:
                with self._store.write() as connection:
                    mirrored.take_back(connection, esp, [told[wire] for wire in refused if wire in told])
        return len(told.keys() - set(refused))

    def _batch(self, query: Callable[..., list[tuple[str, str]]], after: str) -> list[tuple[str, str]]:
        with self._store.read() as connection:
            return query(connection, self._mirror.esp, after=after, limit=_BATCH)

    def _advance(self, count: int) -> None:
        self._done += count
        self._progress(self._done)
