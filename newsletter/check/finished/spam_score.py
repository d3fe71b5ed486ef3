"""What a spam filter of this machine says of the mail: told from 60 % of the points that make it spam."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from newsletter.check.rulebook import Finding, judged_rule
from newsletter.model.problem import Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.rulebook import Judged
    from newsletter.model.spam_verdict import SpamVerdict

#: below this share of the threshold nothing is told
_WORTH_KNOWING = 0.6
_MOST_REASONS = 8
_FIX = "Change what the first reasons name; points for links and senders that readers' servers look up come on top."


class SpamJudge(Protocol):
    """A spam filter (newsletter/probe/spamassassin.py)."""

    def judge(self, mail: bytes) -> SpamVerdict | None:
        """What it says of a whole message, None where it is not at hand."""
        ...


@judged_rule("spam-score", Level.WARNING)
def mail_passes_the_spam_filter(judged: Judged) -> Iterator[Finding]:
    """A mail that a spam filter takes for spam, or nearly.

    SpamAssassin, which many mail servers use, adds up points for all that it finds odd; 5 points make spam, unless this
    machine's settings say otherwise. From 60 % of them on you are told the points and the reasons, the heaviest first: reasons
    that begin with `HTML_` or `MIME_` lie in the template, others mostly in subject and words.

    This is asked only where SpamAssassin is installed and only with `--online`. What it looks up about senders and links at
    readers' servers is not part of it.

    Bad:

        ---
        title: A miracle cure for your knees
        preheader: How far, how often, and when to stop and call us
        ---

        Walk a little every day.

    Good:

        ---
        title: What helps painful knees
        preheader: How far, how often, and when to stop and call us
        ---

        Walk a little every day.
    """
    verdict, issue = judged.verdict, judged.issue
    if verdict.threshold <= 0 or verdict.score < _WORTH_KNOWING * verdict.threshold:
        return
    is_spam = verdict.score >= verdict.threshold
    what = "takes this mail for spam" if is_spam else "comes close to taking this mail for spam"
    message = f"SpamAssassin {what}: {verdict.score:.1f} of {verdict.threshold:.1f} points{_reasons(verdict)}"
    at = issue.place("subject" if "subject" in issue.places else "title")
    yield Finding(at=at, message=message, fix=_FIX, level=None if is_spam else Level.INFORMATION)


def _reasons(verdict: SpamVerdict) -> str:
    """The heaviest first, without those that weigh nothing or speak for the mail."""
    heavy = sorted((one for one in verdict.reasons if one.points > 0), key=lambda one: (-one.points, one.name))
    told = [f"{one.points:.1f} {one.name} ({one.words})" for one in heavy[:_MOST_REASONS]]
    left = [f"and {len(heavy) - _MOST_REASONS} more"] if len(heavy) > _MOST_REASONS else []
    return f": {'; '.join([*told, *left])}" if told else ""


RULES = (mail_passes_the_spam_filter,)
