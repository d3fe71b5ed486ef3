"""What came of a look at an address that a mail links to."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class VisitOutcome(StrEnum):
    #: it answered, perhaps from where it is for a while
    OK = "ok"
    #: it answered from another address, to which it has moved for good
    MOVED = "moved"
    #: there is no such page (404, 410)
    GONE = "gone"
    #: it answered, but not to a program (401, 403, 429 and the like): readers may well see the page
    REFUSED = "refused"
    #: no server, no connection, no valid certificate, or an error of the server
    FAILED = "failed"
    #: no answer in time
    TIMEOUT = "timeout"
    #: nobody looked: a private address, or too many links, or too little time
    NOT_LOOKED = "not-looked"


@dataclass(frozen=True, kw_only=True)
class Visit:
    """`status` is the last HTTP status, `where` the address it has moved to, `detail` what else there is to say in words."""

    outcome: VisitOutcome
    status: int | None = None
    where: str = ""
    detail: str = ""
