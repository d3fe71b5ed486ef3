"""Files that name people who must not be mailed: which kind of file it is, told by its name or its headings."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsletter.model.subscriber import SuppressionReason
from newsletter.subscribers.columns.headings import word_of

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, kw_only=True)
class FileKind:
    """`reason` is None where the rows have their own, or where it has to be given."""

    name: str
    reason: SuppressionReason | None = None
    #: what the file's name has in it, in small letters
    named: str = ""
    #: headings that tell it, whatever the file is called
    headings: frozenset[str] = frozenset()
    #: why the people of this file are not suppressed, unless a reason is given
    passed_over: str = ""
    #: why the file is refused, unless a reason is given
    refused: str = ""
    #: its rows have a status: 5.x.x bounced for good, 4.x.x for now
    has_statuses: bool = False
    #: only rows with this status are meant
    only: str = ""
    #: what whoever imports should know of it
    remark: str = ""


OUR_OWN = FileKind(
    name="suppressions exported by this program", headings=frozenset({"email", "reason", "source", "at"})
)
#: nobody knows who wrote it: the reason must be given
ANY = FileKind(name="addresses")
_SUBSCRIBED = "its people are subscribed, or were never asked: that is no reason to suppress them"
_BOUNCES_OR_BLOCKS = (
    "it holds bounces, or blocks, of SendGrid, and only the name of the file tells which: call it "
    "suppression_bounces.csv or suppression_blocks.csv again"
)
KINDS = (
    OUR_OWN,
    FileKind(
        name="SendGrid blocks",
        named=r"suppression_?blocks?",
        passed_over="blocked for now only, may be mailed",
    ),
    FileKind(
        name="SendGrid bounces",
        reason=SuppressionReason.HARD_BOUNCE,
        named=r"suppression_?bounces?",
        has_statuses=True,
    ),
    FileKind(
        name="SendGrid bounces or blocks",
        headings=frozenset({"status", "reason", "email", "created"}),
        refused=_BOUNCES_OR_BLOCKS,
        has_statuses=True,
    ),
    FileKind(
        name="SendGrid invalid emails",
        reason=SuppressionReason.BAD_ADDRESS,
        named=r"suppression_?invalid",
        headings=frozenset({"reason", "email", "created"}),
    ),
    FileKind(
        name="SendGrid spam reports",
        reason=SuppressionReason.COMPLAINT,
        named=r"suppression_?spam",
        headings=frozenset({"ip", "email", "created"}),
    ),
    FileKind(
        name="SendGrid unsubscribes",
        reason=SuppressionReason.LEFT_EVERYTHING,
        named=r"suppression_?(?:global_?)?unsubscribes?",
    ),
    FileKind(
        name="SendGrid group unsubscribes",
        reason=SuppressionReason.LEFT_EVERYTHING,
        named=r"asm_?groups?_.*suppressions?",
        remark="They left one group at SendGrid; here that counts as leaving everything.",
    ),
    FileKind(
        name="Mailchimp cleaned",
        reason=SuppressionReason.HARD_BOUNCE,
        named=r"\bcleaned_\w*export",
        headings=frozenset({"clean_time"}),
    ),
    FileKind(
        name="Mailchimp unsubscribed",
        reason=SuppressionReason.LEFT_EVERYTHING,
        named=r"\bunsubscribed_\w*export",
        headings=frozenset({"unsub_time"}),
    ),
    FileKind(name="Mailchimp subscribed", named=r"\b(?:non)?subscribed_\w*export", refused=_SUBSCRIBED),
    FileKind(
        name="listmonk blocklist",
        reason=SuppressionReason.BY_HAND,
        headings=frozenset({"uuid", "email", "status"}),
        only="blocklisted",
    ),
)


class ReasonNeeded(ValueError):
    """Nobody can tell from the file why its people should be suppressed, or they should not be: `why`."""

    def __init__(self, why: str, advice: str) -> None:
        super().__init__(f"{why}; {advice}")
        self.why = why


def kind_of(name: str, headings: Sequence[str], given: SuppressionReason | None) -> FileKind:
    """What a file is, by its name and its headings; a reason that is `given` goes before all that they say.

    Raises:
        ReasonNeeded: the message says what to do.
    """
    kind = _by_name(name.casefold()) or _by_headings({word_of(heading) for heading in headings}) or ANY
    if given is not None:
        return kind
    if kind.refused:
        raise ReasonNeeded(kind.refused, "or say why they are suppressed: --reason")
    if kind is ANY:
        choices = ", ".join(f'"{reason}"' for reason in SuppressionReason if reason is not SuppressionReason.ERASED)
        raise ReasonNeeded(
            "neither its name nor its columns say why these people must not be mailed",
            f"say it with --reason, one of {choices}",
        )
    return kind


def _by_name(name: str) -> FileKind | None:
    return next((kind for kind in KINDS if kind.named and re.search(kind.named, name)), None)


def _by_headings(words: set[str]) -> FileKind | None:
    return next((kind for kind in KINDS if kind.headings and kind.headings <= words), None)
