"""What the inbox shows of an issue: subject and preheader."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.model.document import plain_words
from newsletter.model.problem import error, information, warning

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsletter.model.issue import Issue
    from newsletter.model.problem import Problem
    from newsletter.model.reference import Reference
    from newsletter.settings import Settings

#: phones cut a subject at about 40 characters, desktops at about 70
SUBJECT_SHOWN = 70
SUBJECT_MOST = 150
PREHEADER_BEST = range(40, 91)


def subject_is_there_and_fits(issue: Issue, _: Sequence[Reference], __: Settings) -> Iterator[Problem]:
    at = issue.place("subject" if "subject" in issue.places else "title")
    length = len(plain_words(issue.subject).strip())
    fix = "Shorten it, and put the important words first."
    if length == 0:
        yield error("subject-empty", at, "the subject is empty", "Write what the reader will learn.")
    elif length > SUBJECT_MOST:
        yield error("subject-long", at, f"the subject has {length} characters; {SUBJECT_MOST} are allowed", fix)
    elif length > SUBJECT_SHOWN:
        message = f"the subject has {length} characters; few mail programs show more than {SUBJECT_SHOWN}"
        yield warning("subject-long", at, message, fix)


def preheader_is_there_and_fits(issue: Issue, _: Sequence[Reference], __: Settings) -> Iterator[Problem]:
    if not issue.places:
        return  # the front matter could not be read, which has been told
    at = issue.place("preheader" if "preheader" in issue.places else "title")
    length = len(plain_words(issue.preheader).strip())
    best = f"{PREHEADER_BEST.start} to {PREHEADER_BEST.stop - 1}"
    if length == 0:
        fix = f"Add `preheader:` with {best} characters that make a reader want to open the mail."
        yield warning(
            "preheader-missing", at, "there is no preheader, so the inbox shows the first words it finds", fix
        )
    elif length not in PREHEADER_BEST:
        message = f"the preheader has {length} characters; {best} are best"
        yield information("preheader-length", at, message, "Lengthen it." if length < 40 else "Shorten it.")


RULES = (subject_is_there_and_fits, preheader_is_there_and_fits)
