"""A notice: one mail to one person outside mailings."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from newsletter.model.mailing import ChunkState


class NoticeKind(StrEnum):
    #: a copy of an issue to a colleague
    PROOF = "proof"
    #: somebody asked to join by a page and has to confirm; about: lists, requests (numbers of their consent events)
    CONFIRMATION = "confirmation"
    #: somebody joined; about: lists
    WELCOME = "welcome"
    #: somebody asked to join what they have joined already; about: lists
    KNOWN = "known"
    #: somebody asked for the link to their preferences
    LINKS = "links"
    #: somebody asked for a copy of their data
    DATA = "data"
    #: somebody asked to be erased
    ERASURE = "erasure"
    #: something is wrong on the machine; about: alert (model/duty.py), facts of it
    ALERT = "alert"


@dataclass(frozen=True, kw_only=True)
class NoticeMail:
    """`address` is None once its person was erased; `state` is one of planned, submitting, accepted, refused, uncertain."""

    number: int
    kind: NoticeKind
    identity_hash: str
    address: str | None
    language: str
    state: ChunkState
    created_at: datetime
    #: what it is about, as its kind needs it
    about: Mapping[str, Any] = field(default_factory=dict)
    #: when the button behind its link was pressed
    used_at: datetime | None = None
    fingerprint: str | None = None
    #: definite noes until now
    tries: int = 0
    #: not handed over before
    not_before: datetime | None = None
    #: why it waits, was refused or is uncertain; for people
    detail: str = ""
    answered_at: datetime | None = None
    #: what became of it afterwards, as events tell
    fate: str = ""
