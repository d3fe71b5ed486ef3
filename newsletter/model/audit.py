"""The audit log: who did what, and when. No address ever stands in it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

#: what the first entry names as the hash before it
BEGINNING = "0" * 64


class Action(StrEnum):
    """What is logged, as `noun-verb`."""

    PERSON_ADDED = "person-added"
    PERSON_CHANGED = "person-changed"
    PERSON_REMOVED = "person-removed"
    ISSUE_APPROVED = "issue-approved"
    APPROVAL_WITHDRAWN = "approval-withdrawn"
    APPROVAL_REFUSED = "approval-refused"
    MAILING_SCHEDULED = "mailing-scheduled"
    MAILING_UNSCHEDULED = "mailing-unscheduled"
    MAILING_HELD = "mailing-held"
    MAILING_MISSED = "mailing-missed"
    MAILING_STARTED = "mailing-started"
    MAILING_PAUSED = "mailing-paused"
    MAILING_RESUMED = "mailing-resumed"
    MAILING_CANCELLED = "mailing-cancelled"
    MAILING_FINISHED = "mailing-finished"
    MAILING_RESOLVED = "mailing-resolved"
    MAILING_RETRIED = "mailing-retried"
    MAILING_EXPORTED = "mailing-exported"
    PROOF_SENT = "proof-sent"
    RECURRENCE_ADDED = "recurrence-added"
    RECURRENCE_ENDED = "recurrence-ended"
    LIST_ADDED = "list-added"
    LIST_CHANGED = "list-changed"
    SUBSCRIBERS_IMPORTED = "subscribers-imported"
    SUBSCRIBERS_EXPORTED = "subscribers-exported"
    SUBSCRIBERS_PRUNED = "subscribers-pruned"
    SUBSCRIBER_CHANGED = "subscriber-changed"
    SUBSCRIBER_ERASED = "subscriber-erased"
    SUPPRESSION_ADDED = "suppression-added"
    SUPPRESSION_LIFTED = "suppression-lifted"
    SUPPRESSIONS_IMPORTED = "suppressions-imported"
    SUPPRESSIONS_EXPORTED = "suppressions-exported"
    SUPPRESSIONS_SYNCED = "suppressions-synced"
    CORRECTION_ADDED = "correction-added"
    CORRECTION_WITHDRAWN = "correction-withdrawn"
    API_KEY_ADDED = "api-key-added"
    API_KEY_REVOKED = "api-key-revoked"
    EVIDENCE_MADE = "evidence-made"
    DATABASE_BACKED_UP = "database-backed-up"
    DATABASE_RESTORED = "database-restored"
    DATABASE_CHECKED = "database-checked"
    DATABASE_UPGRADED = "database-upgraded"
    NOTICE_RETRIED = "notice-retried"
    #: something was refused for safety: `facts` say which command, and why
    REFUSED = "refused"


def reader(number: int | None) -> str:
    """The subject of what was done to somebody, who may be no subscriber of ours."""
    return "an address that is no subscriber's" if number is None else f"subscriber {number}"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One line of the log. `facts` is canonical JSON; `previous` the hash of the entry before."""

    number: int
    at: datetime
    #: the account or program, such as "ana", "run-due"; or the person who gave a passphrase
    actor: str
    #: an Action; a newer version of the program may have written others
    action: str
    subject: str
    facts: str
    previous: str
    hash: str = ""

    def hashed(self) -> str:
        """SHA-256, in hex, over the entry and the hash before it."""
        parts = [self.number, self.at.isoformat(), self.actor, self.action, self.subject, self.facts, self.previous]
        return hashlib.sha256(json.dumps(parts, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


@dataclass(frozen=True, kw_only=True)
class Head:
    """The last entry at some time: whoever knows it knows whether all before it is still as it was."""

    number: int
    hash: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which entries somebody asks for; what is empty is not asked. `subject` may be its first words."""

    subject: str = ""
    actor: str = ""
    action: str = ""
    since: datetime | None = None
