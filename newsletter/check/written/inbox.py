"""What the inbox shows of an issue: subject and preheader."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.check.rulebook import Finding, issue_rule
from newsletter.model.document import plain_words
from newsletter.model.problem import Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.rulebook import Content
    from newsletter.model.document import Words
    from newsletter.model.issue import Issue
    from newsletter.model.problem import Place

#: phones cut a subject at about 40 characters, desktops at about 70
SUBJECT_SHOWN = 70
SUBJECT_MOST = 150
PREHEADER_BEST = range(40, 91)
_BEST = f"{PREHEADER_BEST.start} to {PREHEADER_BEST.stop - 1}"


@issue_rule("subject-empty", Level.ERROR)
def there_is_a_subject(content: Content) -> Iterator[Finding]:
    """A subject without words.

    The subject is empty, or it is only a reader's field, which is empty for those whose name we do not know. Write what the
    reader will learn.

    Bad:

        ---
        title: Walking after a knee operation
        subject: "{{ first_name }}"
        ---

        Walk a little every day.

    Good:

        ---
        title: Walking after a knee operation
        subject: Walking after a knee operation
        ---

        Walk a little every day.
    """
    if _length(content.issue.subject) == 0:
        fix = "Write what the reader will learn."
        yield Finding(at=_at(content.issue, "subject"), message="the subject is empty", fix=fix)


@issue_rule("subject-long", Level.WARNING)
def subject_fits(content: Content) -> Iterator[Finding]:
    """A subject that most inboxes cut.

    Phones show about 40 characters of a subject, desktops about 70. Say the important words first, and leave out what the
    preheader can say. A subject of more than 150 characters is an error.

    Bad:

        ---
        title: Walking after a knee operation
        subject: What our patients told us this autumn about walking, climbing stairs and cycling after a knee operation
        ---

        Walk a little every day.

    Good:

        ---
        title: Walking after a knee operation
        subject: Walking and stairs after a knee operation
        ---

        Walk a little every day.
    """
    length = _length(content.issue.subject)
    fix = "Shorten it, and put the important words first."
    if length > SUBJECT_MOST:
        message = f"the subject has {length} characters; {SUBJECT_MOST} are allowed"
        yield Finding(at=_at(content.issue, "subject"), message=message, fix=fix, level=Level.ERROR)
    elif length > SUBJECT_SHOWN:
        message = f"the subject has {length} characters; few mail programs show more than {SUBJECT_SHOWN}"
        yield Finding(at=_at(content.issue, "subject"), message=message, fix=fix)


@issue_rule("preheader-missing", Level.WARNING)
def there_is_a_preheader(content: Content) -> Iterator[Finding]:
    """No preheader.

    Behind the subject an inbox shows the preheader. Where there is none it shows the first words that it finds, such as
    "View in browser". Add `preheader:` with 40 to 90 characters that make a reader want to open the mail.

    Bad:

        ---
        title: Walking after a knee operation
        ---

        Walk a little every day.

    Good:

        ---
        title: Walking after a knee operation
        preheader: How far, how often, and when to stop and call us
        ---

        Walk a little every day.
    """
    issue = content.issue
    if (
        issue.places and _length(issue.preheader) == 0
    ):  # without places the front matter could not be read, which has been told
        message = "there is no preheader, so the inbox shows the first words it finds"
        fix = f"Add `preheader:` with {_BEST} characters that make a reader want to open the mail."
        yield Finding(at=_at(issue, "preheader"), message=message, fix=fix)


@issue_rule("preheader-length", Level.INFORMATION)
def preheader_fits(content: Content) -> Iterator[Finding]:
    """A preheader that is very short, or longer than inboxes show.

    With fewer than 40 characters an inbox fills the line with the next words of the mail; of more than 90 it shows only the
    beginning.

    Bad:

        ---
        title: Walking after a knee operation
        preheader: Keep walking
        ---

        Walk a little every day.

    Good:

        ---
        title: Walking after a knee operation
        preheader: How far, how often, and when to stop and call us
        ---

        Walk a little every day.
    """
    length = _length(content.issue.preheader)
    if length and length not in PREHEADER_BEST:
        message = f"the preheader has {length} characters; {_BEST} are best"
        fix = "Lengthen it." if length < PREHEADER_BEST.start else "Shorten it."
        yield Finding(at=_at(content.issue, "preheader"), message=message, fix=fix)


def _length(words: Words) -> int:
    return len(plain_words(words).strip())


def _at(issue: Issue, key: str) -> Place:
    return issue.place(key if key in issue.places else "title")


RULES = (there_is_a_subject, subject_fits, there_is_a_preheader, preheader_fits)
