"""How the list of mails in common mail programs cuts a sender, a subject and a preheader. A picture of it, not a promise:
fonts, windows and settings of readers differ.

Columns, of which a wide letter takes two. Looked up on 2026-11-24; where sources differ the smallest figure counts:
https://wordcounternow.com/blog/email-marketing-character-limits.html (2024): subjects in Gmail 60, on phones 30, in Outlook
50, on phones 35, in Yahoo on phones 30, preheaders in Apple Mail on an iPhone 80.
https://typecount.com/blog/email-subject-line-length (2026): subjects in Apple Mail on an iPhone 35, in Yahoo 46.
https://www.wordcounterfree.com/email-subject-line-character-limit.html: subjects in Apple Mail on a Mac 60.
https://themarketer.com/resources/knowledge-base/how-long-should-your-preview-texts-be: preheaders in Gmail 97, in Outlook 35,
on phones 55, in Apple Mail on a Mac 140, in Yahoo 45.
https://knowledge.acellemail.com/articles/email-preheader-text-the-hidden-conversion-booster: preheaders in Gmail on phones 40.
https://campaign.name/tools/email-subject-line-tester/: senders 20.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsletter.model.letters import closing_marks, letters, width

if TYPE_CHECKING:
    from collections.abc import Iterator

_SENDER = 20
#: between subject and preheader where they share a line
_DASH = 3
_DOTS = "…"
#: far more than a line shows, unless somebody piled up accents
_MOST_SIGNS = 2000


@dataclass(frozen=True, kw_only=True)
class _Client:
    """`line` is what subject and preheader have together where they stand on one line; None where each has its own."""

    name: str
    subject: int
    preheader: int
    line: int | None = None


_CLIENTS = (
    _Client(name="Gmail in a browser", subject=60, preheader=97, line=97),
    _Client(name="Gmail on Android and iPhone", subject=30, preheader=40),
    _Client(name="Apple Mail on an iPhone", subject=35, preheader=80),
    _Client(name="Apple Mail on a Mac", subject=60, preheader=140),
    _Client(name="Outlook on a computer", subject=50, preheader=35),
    _Client(name="Outlook on a phone", subject=35, preheader=55),
    _Client(name="Yahoo Mail in a browser", subject=46, preheader=45, line=91),
    _Client(name="Yahoo Mail on a phone", subject=30, preheader=45),
)


@dataclass(frozen=True, kw_only=True)
class InboxRow:
    """What one mail program shows; a text that was cut ends with `…`."""

    client: str
    sender: str
    subject: str
    subject_cut: bool
    preheader: str
    preheader_cut: bool


def inbox_rows(sender: str, subject: str, preheader: str) -> tuple[InboxRow, ...]:
    """One row for each mail program."""
    return tuple(_rows(*(" ".join(text.split()) for text in (sender, subject, preheader))))


def _rows(sender: str, subject: str, preheader: str) -> Iterator[InboxRow]:
    for client in _CLIENTS:
        shown_subject, subject_cut = _cut(subject, client.subject)
        room = client.preheader
        if client.line is not None:
            room = min(room, client.line - width(shown_subject) - _DASH)
        shown_preheader, preheader_cut = _cut(preheader, room)
        yield InboxRow(
            client=client.name,
            sender=_cut(sender, _SENDER)[0],
            subject=shown_subject,
            subject_cut=subject_cut,
            preheader=shown_preheader,
            preheader_cut=preheader_cut,
        )


def _cut(text: str, room: int) -> tuple[str, bool]:
    """As many whole letters as fit, the dots among them where something is left out; and whether that is so."""
    kept: list[str] = []
    used, fitting = 0, 0
    for letter in letters(text[:_MOST_SIGNS]):
        used += width(letter)
        if used > room:
            break
        kept.append(letter)
        if used < room:  # the dots fit behind it
            fitting = len(kept)
    else:
        if len(text) <= _MOST_SIGNS:
            return f"{text}{closing_marks(text)}", False
    shown = "".join(kept[:fitting]).rstrip()
    return f"{shown}{closing_marks(shown)}{_DOTS}" if room > 0 else "", True
