"""What a message meets at the SMTP server of the tests, and what the server says then."""

from __future__ import annotations

from enum import StrEnum


class Behaviour(StrEnum):
    """What one message meets."""

    ACCEPT = "accept"
    # to MAIL
    SENDER_LATER = "451 to MAIL"
    SENDER_REFUSED = "550 to MAIL"
    LOGIN_FIRST = "530 to MAIL"
    CLOSING_AT_MAIL = "421 to MAIL"
    DROP_AT_MAIL = "closes at MAIL"
    # to RCPT
    UNKNOWN = "550 5.1.1 to RCPT"
    UNKNOWN_BUT_DATA = "550 5.1.1 to RCPT, 354 to DATA"
    OVER_TWO_LINES = "550 to RCPT in two lines"
    FULL = "452 4.2.2 to RCPT"
    GREYLISTED = "450 4.7.1 to RCPT"
    TOO_MANY = "452 4.5.3 to RCPT"
    BUSY = "451 4.3.0 to RCPT"
    NO_RELAY = "554 relay access denied to RCPT"
    CLOSING_AT_RCPT = "421 to RCPT"
    DROP_AT_RCPT = "closes at RCPT"
    # to DATA
    DATA_LATER = "451 to DATA"
    DATA_REFUSED = "554 to DATA"
    DATA_ODD = "250 to DATA"
    DROP_AT_DATA = "closes at DATA"
    # after the content, nothing taken
    SPAM = "554 5.7.1 to the message"
    TOO_LARGE = "552 5.3.4 to the message"
    MESSAGE_LATER = "451 4.7.1 to the message"
    NO_SPACE = "452 4.3.1 to the message"
    LOST_IN_CONTENT = "closes instead of reading the content"
    # the message was taken, and then
    DROP = "closes the connection"
    CLOSING = "421"
    GARBAGE = "answers what is not SMTP"
    HANG = "answers too late"


TAKEN = {Behaviour.ACCEPT, Behaviour.DROP, Behaviour.CLOSING, Behaviour.GARBAGE, Behaviour.HANG}

TO_MAIL = {
    Behaviour.SENDER_LATER: "451 4.3.0 Try again later",
    Behaviour.SENDER_REFUSED: "550 5.7.1 <{sender}>: Sender address rejected",
    Behaviour.LOGIN_FIRST: "530 5.7.0 Authentication required",
    Behaviour.CLOSING_AT_MAIL: "421 4.3.2 Closing",
}
TO_RCPT = {
    Behaviour.UNKNOWN: "550 5.1.1 <{recipient}>: user {local} unknown here",
    Behaviour.UNKNOWN_BUT_DATA: "550 5.1.1 <{recipient}>: user {local} unknown here",
    Behaviour.OVER_TWO_LINES: "550-5.1.1 The account does not exist,\r\n550 5.1.1 says {recipient}",
    Behaviour.FULL: "452 4.2.2 The mailbox of {recipient} is full",
    Behaviour.GREYLISTED: "450 4.7.1 Greylisted, {recipient}",
    Behaviour.TOO_MANY: "452 4.5.3 Too many recipients",
    Behaviour.BUSY: "451 4.3.0 Queue file write error",
    Behaviour.NO_RELAY: "554 5.7.1 <{recipient}>: Relay access denied",
    Behaviour.CLOSING_AT_RCPT: "421 4.7.0 Too many errors",
}
TO_DATA = {
    Behaviour.DATA_LATER: "451 4.7.1 Not now",
    Behaviour.DATA_REFUSED: "554 5.7.1 Not this one",
    Behaviour.DATA_ODD: "250 what?",
}
TO_CONTENT = {
    Behaviour.SPAM: "554 5.7.1 Looks like spam to {recipient}",
    Behaviour.TOO_LARGE: "552 5.3.4 Too large",
    Behaviour.MESSAGE_LATER: "451 4.7.1 Try later, {recipient}",
    Behaviour.NO_SPACE: "452 4.3.1 Out of disk",
    Behaviour.CLOSING: "421 4.3.2 Shutting down",
    Behaviour.GARBAGE: "%PDF-1.7 not at all SMTP",
}
