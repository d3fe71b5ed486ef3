"""One message: compiled against a new EmailMessage per reader, paired and interleaved. Prints the ratio; goal 300.

    python benchmarks/bench_message.py [--rounds 15]

The letter is as large as a real issue: 58 KB of HTML, 8 KB of text, a name and three links.
"""

from __future__ import annotations

import argparse
import statistics
import time
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from typing import TYPE_CHECKING

from newsletter.compose.message import compiled
from newsletter.compose.slots import fill
from newsletter.model.letter import Envelope, Letter
from newsletter.model.rendered import LINK_SLOTS, UNSUBSCRIBE_URL, Context, Rendered, Slot

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from newsletter.model.rendered import Parts

GOAL = 300
NAMES = ("Ada", "Zoë", "Søren", "Maria", "", "Anne-Marie", "John", "Lee", "שרה", "O'Neill")


def issue() -> Letter:
    """A letter of the size that was measured when the goal was set."""
    row = '<p style="margin:0 0 16px;font-family:Helvetica,Arial,sans-serif;color:#1f2933">Running after hip surgery</p>\n'
    links = [Slot(name=name, context=Context.URL) for name in LINK_SLOTS]
    html: Parts = (
        "<html><body><p>Dear ",
        Slot(name="first_name", context=Context.HTML, fallback="reader"),
        "</p>" + row * (58_000 // len(row)) + "<a href='",
        *(part for link in links for part in (link, "'>link</a> <a href='")),
        "https://example.org/'>home</a></body></html>",
    )
    text: Parts = (
        "Dear ",
        Slot(name="first_name", context=Context.TEXT, fallback="reader"),
        ",\n" + "Running after hip surgery: what the studies say about it.\n" * 140,
        *(part for name in LINK_SLOTS for part in (Slot(name=name, context=Context.TEXT_URL), "\n")),
    )
    rendered = Rendered(
        subject=("Running again",), preheader=(), html=html, text=text, from_name="Larkmeadow Joint Clinic",
        from_address="letters@example.org", reply_to="", language="en",
    )  # fmt: skip
    date = datetime(2026, 12, 1, tzinfo=UTC)
    return Letter(rendered=rendered, mailing="7", list_id="friends.example.org", date=date, domain="example.org")


def readers(count: int) -> list[Envelope]:
    return [
        Envelope(
            n=n,
            address=f"reader{n}@example.net",
            name=f"{NAMES[n % 10]} Moss",
            values={
                "first_name": NAMES[n % 10],
                **{name: f"https://news.example.org/{name[0]}/AQAAAAcAAAAB{n:020}" for name in LINK_SLOTS},
            },
        )
        for n in range(count)
    ]


def naive(letter: Letter, envelope: Envelope) -> bytes:
    """As most programs do it: fill the texts, build an EmailMessage, have it encoded."""
    rendered, message = letter.rendered, EmailMessage(policy=SMTP)
    message["From"] = f"{rendered.from_name} <{rendered.from_address}>"
    message["To"] = f"{envelope.name} <{envelope.address}>"
    message["Subject"] = fill(rendered.subject, envelope.values)
    message["Date"] = letter.date
    message["Message-ID"] = f"<{letter.mailing}.{envelope.n}@{letter.domain}>"
    message["List-Unsubscribe"] = f"<{envelope.values[UNSUBSCRIBE_URL]}>"
    message.set_content(fill(rendered.text, envelope.values), cte="quoted-printable")
    message.add_alternative(fill(rendered.html, envelope.values), subtype="html", cte="quoted-printable")
    return message.as_bytes()


def seconds_each(make: Callable[[Envelope], bytes], envelopes: Sequence[Envelope]) -> float:
    start = time.perf_counter()
    for envelope in envelopes:
        make(envelope)
    return (time.perf_counter() - start) / len(envelopes)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rounds", type=int, default=15)
    rounds = options.parse_args().rounds
    letter, few, many = issue(), readers(10), readers(2000)
    message = compiled(letter)
    pairs = [
        (seconds_each(lambda envelope: naive(letter, envelope), few), seconds_each(message.bytes_for, many))
        for _ in range(rounds)
    ]
    slow, fast = (statistics.median(column) * 1e6 for column in zip(*pairs, strict=True))
    ratio = statistics.median(one / other for one, other in pairs)
    print(f"message: {len(message.bytes_for(many[0])) / 1000:.0f} KB, {rounds} paired rounds, medians")
    print(f"naive {slow:.0f} us, compiled {fast:.1f} us: {ratio:.0f} x (goal {GOAL} x)")


if __name__ == "__main__":
    main()
