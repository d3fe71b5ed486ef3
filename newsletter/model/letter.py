"""What a sender is handed: the letter that is the same for all, an envelope for each reader, and the answer it gives back."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from newsletter.model.rendered import ImageFile, Rendered


@dataclass(frozen=True, kw_only=True, eq=False)
class Letter:
    """The part of a mailing that is the same for all its readers. Compared by identity: build it once per mailing."""

    rendered: Rendered
    #: folder or tag of the mailing: its number, or "notices"
    mailing: str
    #: RFC 2919, such as "friends.news.example.org"; empty for a notice
    list_id: str
    #: goes into the Date header, so that a repeated message has the same bytes
    date: datetime
    #: domain of Message-IDs
    domain: str
    #: images that travel inside the mail, where the sender embeds them; those that it does not show stay behind
    pictures: tuple[ImageFile, ...] = ()
    #: what stands before their names in the HTML, such as https://news.example.org/i/
    pictures_url: str = ""
    #: whether opens and clicks are to be noted; only for readers who agreed
    opens: bool = False
    clicks: bool = False
    #: its one reader asked for it just now: no newsletter, and answers of machines are not wanted (RFC 3834)
    asked_for: bool = False


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """One delivery: where it goes and what fills its slots (slot name -> unescaped value, links included)."""

    n: int
    address: str
    name: str
    values: Mapping[str, str]
    #: where bounces of this delivery go (VERP), where the sender lets us say so; empty: the sender's own
    return_path: str = ""
    #: a mailbox of ours that takes this reader off the list, for the `<mailto:>` of List-Unsubscribe; empty: none is read
    leave_address: str = ""


class Verdict(StrEnum):
    #: the ESP has it
    ACCEPTED = "accepted"
    #: a definite no that time may cure: refused connection, DNS, TLS, 429
    TRY_LATER = "try later"
    #: a definite no for all of it (400 that names no reader)
    REFUSED = "refused"
    #: a definite no because of the readers in `blamed`: the rest may be tried again
    BLAMED = "blamed"
    #: a definite no because it was too much at once (413)
    TOO_LARGE = "too large"
    #: a definite no because of the account (401, 403): the mailing pauses
    NOT_AUTHORISED = "not authorised"
    #: nobody can say: never sent again by itself
    UNCERTAIN = "uncertain"


#: what is said of an attempt whose process ended while it waited
INTERRUPTED = "interrupted before an answer came"


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came of one attempt. `detail` is for people and never holds an address or a secret.

    `verdict` holds for every delivery that is not named singly below. A sender that hands over one message after the
    other (SMTP) names each that fared otherwise; one that hands over requests names only the blamed.
    """

    verdict: Verdict
    detail: str = ""
    #: seconds the ESP asked us to wait
    retry_after: float | None = None
    #: the ESP's own id of the request
    provider_id: str = ""
    #: delivery n -> why it, and only it, was definitely refused
    blamed: Mapping[int, str] = field(default_factory=dict)
    #: those of `blamed` whose address does not exist, for good
    bounced: frozenset[int] = frozenset()
    #: deliveries that were certainly taken, whatever became of the others
    taken: frozenset[int] = frozenset()
    #: delivery n -> why nobody can say whether it was taken
    doubtful: Mapping[int, str] = field(default_factory=dict)
    #: delivery n -> why it, and only it, was definitely refused for now (a full mailbox, greylisting)
    deferred: Mapping[int, str] = field(default_factory=dict)
