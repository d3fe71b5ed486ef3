"""A server's no -> what it means for us. One visible table; RFC 5321 section 4.2 and RFC 3463 have the codes.

Until the reply to the final dot every no is a definite one. What has to be told apart is whom it is about: this reader,
everybody for now, or us.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from newsletter.esp.smtp.replies import Reply


class Phase(StrEnum):
    """What the server was replying to."""

    GREETING = "the greeting"
    STARTTLS = "STARTTLS"
    AUTH = "AUTH"
    MAIL = "MAIL"
    RCPT = "RCPT"
    DATA = "DATA"
    CONTENT = "the message"


class Meaning(StrEnum):
    #: this reader cannot be written to
    READER = "reader"
    #: this reader cannot be written to now
    READER_FOR_NOW = "reader for now"
    #: nobody can be written to now
    ALL_FOR_NOW = "all for now"
    #: the server does not take mail from us: a person must look
    ACCOUNT = "account"


#: about this connection or the whole server, whatever it replies to
_SERVER_CODES = {421}
#: "authentication required", and its relatives (RFC 4954 section 6)
_ACCOUNT_CODES = {530, 534, 535, 538}
#: RFC 3463: X.3 is the state of the mail system, X.4.5 congestion, X.5.3 too many recipients
_SERVER_TROUBLE = re.compile(r"4\.3\.\d+|4\.4\.5|4\.5\.3")
#: RFC 3463: X.1 is about the address, X.2 about the mailbox
_MAILBOX = re.compile(r"[45]\.[12]\.\d+")
#: the same in servers without enhanced codes (RFC 5321 section 4.2.3)
_MAILBOX_CODES = {450, 550, 551, 553}
_RELAYING = re.compile(rb"\brelay", re.IGNORECASE)
#: "no space" and "too large": with MAIL that is about the message that was announced by SIZE
_TOO_LARGE = 552
_NO_SPACE = 452


def meaning(phase: Phase, reply: Reply) -> Meaning:
    """What a 4xx or 5xx means. 421 after the final dot is doubt, and is no question for this table."""
    if reply.code in _ACCOUNT_CODES:
        return Meaning.ACCOUNT
    if phase in {Phase.RCPT, Phase.DATA, Phase.CONTENT}:
        return _of_one_message(phase, reply)
    if phase is Phase.MAIL and reply.code == _TOO_LARGE:
        return Meaning.READER
    return Meaning.ALL_FOR_NOW if reply.code < 500 else Meaning.ACCOUNT


def _of_one_message(phase: Phase, reply: Reply) -> Meaning:
    if reply.code >= 500:
        refuses_us = phase is Phase.RCPT and _RELAYING.search(reply.text) and not _MAILBOX.fullmatch(reply.enhanced)
        return Meaning.ACCOUNT if refuses_us else Meaning.READER
    if reply.code in _SERVER_CODES or _SERVER_TROUBLE.fullmatch(reply.enhanced):
        return Meaning.ALL_FOR_NOW
    if reply.code == _NO_SPACE and not _MAILBOX.fullmatch(reply.enhanced):
        return Meaning.ALL_FOR_NOW
    return Meaning.READER_FOR_NOW


def is_about_the_mailbox(reply: Reply) -> bool:
    """Whether the codes say so: such a no says nothing about the next reader."""
    enhanced = reply.enhanced
    return bool(_MAILBOX.fullmatch(enhanced)) if enhanced else reply.code in _MAILBOX_CODES
