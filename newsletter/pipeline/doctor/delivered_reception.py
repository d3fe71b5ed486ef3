"""What became of a delivered mail at its receiver: its own words, how much Gmail shows, what a spam filter says."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Protocol

from newsletter.check.finished.size import CLIPPED_FROM, RED_FROM
from newsletter.pipeline.doctor.finding import Findings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.model.spam_verdict import SpamVerdict
    from newsletter.pipeline.doctor.delivered import Delivered
    from newsletter.pipeline.doctor.finding import Finding

RECEIVER_AREA, SIZE_AREA, SPAM_AREA = "receiver", "size", "spam"
_receiver, _size, _spam = Findings(RECEIVER_AREA), Findings(SIZE_AREA), Findings(SPAM_AREA)
_RESULT = re.compile(r"\b(spf|dkim|dmarc)=(pass|fail|none|neutral|softfail|hardfail|policy|temperror|permerror)\b")
_NAME = re.compile(r"[A-Za-z0-9.-]{1,100}")
#: points below the threshold that are too near to it
_NEAR = 2.0


class Judge(Protocol):
    def judge(self, mail: bytes) -> SpamVerdict | None:
        """None where nobody can say."""


def receiver(mail: Delivered) -> Iterator[Finding]:
    """The topmost header is the receiver's; those below may be anybody's."""
    fields = mail.values("Authentication-Results")
    if not fields:
        words = "what the receiver thought: the file has no Authentication-Results"
        yield _receiver.unseen("receiver-unseen", words, "Take the file from a mailbox at Gmail, Yahoo or Outlook.")
        return
    who = _NAME.match(fields[0])
    name = who[0].lower() if who else "the receiver"
    results = list(dict.fromkeys(_RESULT.findall(fields[0].lower())))
    if not results:
        yield _receiver.unseen("receiver-unseen", f"{name} says nothing of SPF, DKIM and DMARC")
        return
    said = ", ".join(f"{method}={result}" for method, result in results)
    dmarc = [result for method, result in results if method == "dmarc"]
    bad = [method for method, result in results if result not in {"pass", "none", "neutral"}]
    if dmarc and dmarc[0] not in {"pass", "none"}:
        advice = "Either a signature or SPF must hold for the domain of From: see the findings on signatures."
        yield _receiver.wrong("receiver-dmarc", f"{name} says: {said}", advice)
    elif bad:
        advice = "DMARC needs one of the two; mend the other one as well, since some receivers look at both."
        yield _receiver.careful("receiver-fails", f"{name} says: {said}", advice)
    elif dmarc == ["none"] or not dmarc:
        words = f"{name} says: {said}; it found no DMARC"
        yield _receiver.careful("receiver-no-dmarc", words, "Add a DMARC record: newsletter doctor --only dns")
    else:
        yield _receiver.ok("receiver", f"{name} says: {said}")


def size(mail: Delivered) -> Iterator[Finding]:
    kilobytes = mail.html_bytes / 1024
    advice = "Shorten the issue, or turn the provider's click tracking off: it makes each link longer."
    if not mail.html_bytes:
        yield _size.unseen("size-unseen", "how long the HTML is: there is none, or it cannot be read")
    elif mail.html_bytes >= CLIPPED_FROM:
        words = f"the HTML has {kilobytes:,.0f} KB, and Gmail shows the first 102: the link to leave may be hidden"
        yield _size.wrong("size-clipped", words, advice)
    elif mail.html_bytes >= RED_FROM:
        yield _size.careful("size-near", f"the HTML has {kilobytes:,.0f} KB, and Gmail shows the first 102", advice)
    else:
        yield _size.ok("size", f"the HTML has {kilobytes:,.0f} KB; Gmail shows the first 102")


def spam(mail: Delivered, judge: Judge | None) -> Iterator[Finding]:
    if judge is None:
        yield _spam.unseen("spam-unseen", "what a spam filter says: checks.spam_filter is off")
        return
    verdict = judge.judge(mail.raw)
    if verdict is None:
        words = "what a spam filter says: SpamAssassin is not installed, or does not take the mail"
        yield _spam.unseen("spam-unseen", words, "apt install spamassassin")
        return
    heaviest = sorted((one for one in verdict.reasons if one.points >= 0.1), key=lambda one: -one.points)[:4]
    why = f" ({', '.join(f'{one.name} {one.points:+.1f}' for one in heaviest)})" if heaviest else ""
    words = f"SpamAssassin gives {verdict.score:.1f} of {verdict.threshold:.1f} points{why}"
    advice = "Change what its reasons name; https://spamassassin.apache.org explains each."
    if verdict.score >= verdict.threshold:
        yield _spam.wrong("spam", words, advice)
    elif verdict.score >= verdict.threshold - _NEAR:
        yield _spam.careful("spam-near", words, advice)
    else:
        yield _spam.ok("spam", words)
