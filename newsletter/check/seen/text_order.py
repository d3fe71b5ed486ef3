"""Where disclaimers stand in the text part: below the text of the issue, and not after an empty screen."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from newsletter.check.mail import squashed
from newsletter.check.rulebook import Finding, mail_rule
from newsletter.check.seen.shown import sentences
from newsletter.check.seen.views import LONG_ENOUGH
from newsletter.model.document import Paragraph, plain_text, walk_blocks
from newsletter.model.problem import Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.mail import Mail
    from newsletter.model.disclaimer import Disclaimer

#: blank lines after which nobody expects anything any more
_BLANK_LINES = 40
#: paragraphs that are looked for; one with a citation in its first words stands there otherwise
_TRIED = 20


@mail_rule("disclaimer-out-of-place", Level.WARNING, must=True)
def disclaimers_stand_where_they_are_read(mail: Mail) -> Iterator[Finding]:
    """In the text part, a disclaimer stands before the text of the issue, or after many blank lines.

    Who scrolls past an empty screen takes it for the end of the mail. A text template of the workspace puts the disclaimers there:
    move them below the text and the references.

    Bad (templates/email/article.txt.j2):

        {% extends "email/base.txt.j2" %}
        {% block disclaimers %}{{ "\\n" * 200 }}{{ super() }}{% endblock %}

    Bad:

        ---
        title: Walking after a knee operation
        template: article
        ---

        Walk a little every day.

    Good:

        Walk a little every day.
    """
    at = mail.issue.place("template")
    text = _Lines(mail.text)
    starts = [line for line in (text.line_of(_first(disclaimer)) for disclaimer in mail.disclaimers) if line >= 0]
    body = next(
        (line for line in (text.line_of(words) for words in islice(_paragraphs(mail), _TRIED)) if line >= 0), -1
    )
    for start in sorted(starts):
        if start < body:
            message = "the text part has a disclaimer before the text of the issue"
            yield Finding(at=at, message=message, fix="Put the disclaimers below the text in the text template.")
        elif text.blank_lines_before(start) >= _BLANK_LINES:
            message = f"the text part has {text.blank_lines_before(start)} blank lines before a disclaimer"
            yield Finding(at=at, message=message, fix="Take the blank lines out of the text template.")


class _Lines:
    """The lines of the text part, and where a squashed text begins in them."""

    def __init__(self, text: str) -> None:
        self._lines = [squashed(line) for line in text.split("\n")]
        self._whole = "".join(self._lines)

    def line_of(self, wanted: str) -> int:
        """-1 where it is not there."""
        left = self._whole.find(wanted) if wanted else -1
        for number, line in enumerate(self._lines if left >= 0 else ()):
            if left < len(line):
                return number
            left -= len(line)
        return -1

    def blank_lines_before(self, number: int) -> int:
        """The longest run of them in the lines just above; a title of a few lines may stand between."""
        longest = run = 0
        for line in self._lines[max(0, number - _BLANK_LINES - 200) : number]:
            run = 0 if line else run + 1
            longest = max(longest, run)
        return longest


def _first(disclaimer: Disclaimer) -> str:
    return squashed(next(sentences(disclaimer), ""))


def _paragraphs(mail: Mail) -> Iterator[str]:
    """The beginnings of the issue's own paragraphs."""
    for block in walk_blocks(mail.issue.body):
        if isinstance(block, Paragraph) and len(words := squashed(plain_text(block.content)[:40])) >= LONG_ENOUGH:
            yield words


RULES = (disclaimers_stand_where_they_are_read,)
