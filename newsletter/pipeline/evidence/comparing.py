"""A file of evidence beside the workspace that should have made it: its seal, and what the audit log says of it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from newsletter.model.audit import Action, Head
from newsletter.signoff.evidence.reading import Finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from newsletter.keys import Keys
    from newsletter.model.audit import Entry
    from newsletter.signoff.chain import Verified
    from newsletter.signoff.evidence.reading import Looked
    from newsletter.store.database import Store


class Seal(StrEnum):
    OURS = "ours"
    NOT_OURS = "not ours"
    #: the key is not at hand
    UNCHECKED = "not checked"


class Logged(StrEnum):
    KNOWN = "in the audit log"
    UNKNOWN = "not in the audit log"
    #: the database is not at hand
    UNCHECKED = "not compared"


@dataclass(frozen=True, kw_only=True)
class Compared:
    seal: Seal = Seal.UNCHECKED
    log: Logged = Logged.UNCHECKED
    findings: tuple[Finding, ...] = ()
    remarks: tuple[str, ...] = ()


def compare(looked: Looked, keys: Keys | None, store: Store | None) -> Compared:
    """What only the workspace can say; nothing where neither its key nor its database is at hand."""
    if looked.manifest is None:
        return Compared()
    seal = _seal(looked, keys)
    findings = [_finding(_FOREIGN)] if seal is Seal.NOT_OURS else []
    if store is None:
        return Compared(seal=seal, findings=tuple(findings))
    log = _read(store, looked)
    if log.verified.fault and seal is not Seal.NOT_OURS:  # what others made remembers the log of others
        findings.append(_finding(f"was made of an audit log that is another one now: {log.verified.fault.why}"))
    elif log.known is Logged.UNKNOWN and not (log.restored and seal is Seal.OURS):
        findings.append(_finding(_UNLOGGED))
    remarks = (_RESTORED,) if log.restored and (log.known is Logged.UNKNOWN or log.verified.replaced) else ()
    return Compared(seal=seal, log=log.known, findings=tuple(findings), remarks=remarks)


_FOREIGN = "does not have the seal of this workspace: somebody made it anew, or it comes from another workspace; then check it there"
_UNLOGGED = "is not known to the audit log of this database: it was not made here"
_RESTORED = "A backup was restored after this was made, so the audit log may not know it."


def _seal(looked: Looked, keys: Keys | None) -> Seal:
    if keys is None:
        return Seal.UNCHECKED
    return Seal.OURS if keys.is_evidence_seal(looked.manifest_sha256, looked.seal) else Seal.NOT_OURS


def _finding(what: str) -> Finding:
    return Finding(name="", what=what)


@dataclass(frozen=True, kw_only=True)
class _Log:
    known: Logged
    #: how it stands, held against the newest entry that the evidence remembers
    verified: Verified
    #: a backup was restored after the evidence was made
    restored: bool


def _read(store: Store, looked: Looked) -> _Log:
    from newsletter.signoff.chain import verify
    from newsletter.store import audit

    facts = dict(looked.manifest.facts) if looked.manifest else {}
    made_at, restored, known = _time(facts.get("made_at")), False, Logged.UNKNOWN

    def noticing(entries: Iterable[Entry]) -> Iterator[Entry]:
        nonlocal restored, known
        for one in entries:
            if one.action == Action.DATABASE_RESTORED and made_at and one.at >= made_at:
                restored = True
            if one.action == Action.EVIDENCE_MADE and _manifest_of(one) == looked.manifest_sha256:
                known = Logged.KNOWN
            yield one

    with store.read() as connection:
        verified = verify(noticing(audit.entries(connection)), _remembered(facts.get("log_head")))
    return _Log(known=known, verified=verified, restored=restored)


def _remembered(told: object) -> list[Head]:
    """The newest entry of the log when the evidence was made: a log that was written anew since is found by it."""
    if not isinstance(told, dict):
        return []
    number, hash_, at = told.get("number"), told.get("hash"), _time(told.get("at"))
    return [Head(number=number, hash=hash_, at=at)] if type(number) is int and isinstance(hash_, str) and at else []


def _time(told: object) -> datetime | None:
    try:
        at = datetime.fromisoformat(told) if isinstance(told, str) else None
    except ValueError:
        return None
    return at if at and at.tzinfo else None


def _manifest_of(entry: Entry) -> str:
    try:
        return str(json.loads(entry.facts).get("manifest"))
    except (ValueError, AttributeError):
        return ""
