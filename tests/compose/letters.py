"""Letters, envelopes and difficult values for tests of whatever makes or sends messages."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.header import decode_header, make_header
from typing import TYPE_CHECKING

from newsletter.compose.escaping import one_line
from newsletter.compose.slots import fill
from newsletter.model.letter import Envelope, Letter
from newsletter.model.rendered import PREFERENCES_URL, UNSUBSCRIBE_URL, VIEW_URL, Context, Rendered, Slot

if TYPE_CHECKING:
    from collections.abc import Mapping

    from newsletter.model.rendered import Parts

HOSTILE = {
    "template": "{{ 7*7 }}",
    "jinja statement": "{% for x in y %}",
    "script": "<script>alert('x')</script>",
    "attribute": '" onmouseover="alert(1)',
    "printf": "%n%s%d",
    "old tag": "-x-",
    "substitution tag": "-nl0123abcd0-",
    "other ESPs' tags": "%recipient.name% <%body%> [unsubscribe] *|FNAME|*",
    "slot mark": "slot0123456789abn0x",
    "line break": "Eve\r\nBcc: everybody@example.org\r\n\r\nBody",
    "lone line feed": "Eve\nX-Evil: yes",
    "long": "Wolfeschlegelsteinhausen " * 12,
    "long without spaces": "x" * 300,
    "long emoji": "🏃🏽‍♀️" * 40,
    "right to left": "שרה כהן",
    "arabic": "محمد \u202eevil\u202c علي",
    "accents": "Zoë Çelik-Núñez",
    "comma": "Smith, Jane; Dr.",
    "quotes": 'Anne "Nan" O\'Neill \\',
    "angle": "Eve <eve@example.net>",
    "encoded word": "=?utf-8?b?RXZl?= =?utf-8?q?Eve?=",
    "equals": "a=b=3D=\t=",
    "dots": ".hidden",
    "mailbox": "From here on",
    "boundary": "--=_boundary--",
    "entity": "&lt;b&gt; &amp;",
    "nothing": "",
    "spaces": "   ",
    "null": "a\x00b\x07c",
    "url": "javascript:alert(1)",
    "separators": "a\u2028b\u2029c\x85d",
}

_GREETING = Slot(name="first_name", context=Context.TEXT, fallback="reader")
_GREETING_HTML = Slot(name="first_name", context=Context.HTML, fallback="reader")

TEXT: Parts = (
    "Dear ",
    _GREETING,
    ",\n\n.a line that starts with a dot\nFrom the clinic: längere Wörter – and = signs \n\n-- \nLeave: ",
    Slot(name=UNSUBSCRIBE_URL, context=Context.TEXT_URL),
    "\nChoose: ",
    Slot(name=PREFERENCES_URL, context=Context.TEXT_URL),
    "\n",
    Slot(name=VIEW_URL, context=Context.TEXT_URL),
)
HTML: Parts = (
    "<!doctype html>\n<html lang=en><body>\n<p title='",
    Slot(name="first_name", context=Context.ATTRIBUTE),
    "'>Dear ",
    _GREETING_HTML,
    ",</p>\n" + "<p style='color: #0b5cad'>A paragraph of the letter.</p>" * 3 + "<a href='",
    Slot(name=UNSUBSCRIBE_URL, context=Context.URL),
    "'>Leave</a> <a href='",
    Slot(name=PREFERENCES_URL, context=Context.URL),
    "'>Choose</a> <a href='",
    Slot(name=VIEW_URL, context=Context.URL),
    "'>View</a> <a href='https://example.org/?for=",
    Slot(name="city", context=Context.URL_PART),
    "'>Near you</a></body></html>\n",
)
SUBJECT: Parts = ("Running again, ", Slot(name="first_name", context=Context.HEADER, fallback="dear reader"))


def letter(
    *,
    subject: Parts = SUBJECT,
    text: Parts = TEXT,
    html: Parts = HTML,
    from_name: str = "Larkmeadow Joint Clinic",
    from_address: str = "letters@example.org",
    reply_to: str = "desk@example.org",
    list_id: str = "friends.news.example.org",
    mailing: str = "7",
    domain: str = "example.org",
) -> Letter:
    rendered = Rendered(
        subject=subject,
        preheader=(),
        html=html,
        text=text,
        from_name=from_name,
        from_address=from_address,
        reply_to=reply_to,
        language="en",
    )
    date = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)
    return Letter(rendered=rendered, mailing=mailing, list_id=list_id, date=date, domain=domain)


def envelope(
    n: int = 1, *, name: str = "Ada Moss", address: str = "", values: Mapping[str, str] | None = None
) -> Envelope:
    token = f"AQAAAAcAAAAB{n:04}abcdefghijKLMNop"
    own = {
        "first_name": name.partition(" ")[0],
        "city": "Bad Tölz & Umgebung",
        UNSUBSCRIBE_URL: f"https://news.example.org/u/{token}",
        PREFERENCES_URL: f"https://news.example.org/p/{token}",
        VIEW_URL: f"https://news.example.org/v/{token}",
    }
    return Envelope(n=n, address=address or f"reader{n}@example.net", name=name, values=own | dict(values or {}))


def as_name(text: str) -> str:
    """What a name looks like in a header: one line, single spaces."""
    return re.sub(" +", " ", one_line(text))


def display_name(raw: bytes, header: str) -> str:
    """The name in a From or To line of a message. By RFC 2047: email.policy.default of Python 3.11 keeps the space
    between two encoded words of a name."""
    lines = raw.partition(b"\r\n\r\n")[0].decode("ascii").replace("\r\n ", " ").split("\r\n")
    value = next(line for line in lines if line.startswith(f"{header}:")).partition(":")[2].strip()
    phrase = value.rpartition("<")[0].strip()
    if phrase.startswith('"'):
        return re.sub(r"\\(.)", r"\1", phrase[1:-1])
    return str(make_header(decode_header(phrase)))


def in_html(parts: Parts, values: Mapping[str, str]) -> str:
    """HTML parts as they reach a reader, by definition: filled, what is not ASCII in a value as numeric references."""
    pieces = (
        part if isinstance(part, str) else fill((part,), values).encode("ascii", "xmlcharrefreplace").decode()
        for part in parts
    )
    return "".join(pieces)
