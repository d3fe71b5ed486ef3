"""How title, subject and preheader read in an inbox: shouting, piles of marks, false replies, the same words twice."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.check.rulebook import Finding, issue_rule
from newsletter.check.written.prose import Finder, inbox_pieces
from newsletter.model.document import Paragraph, plain_text, plain_words, walk_blocks
from newsletter.model.problem import Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.rulebook import Content
    from newsletter.model.issue import Issue
    from newsletter.model.problem import Place

#: letters that a text must have to be shouted, and words in a row that are; what commas separate is a list of abbreviations
_SHOUTED_LETTERS = 8
_SHOUTED = re.compile(r"(?<![\w-])(?:[^\W\d_a-z]{3,30}[ !-]{1,3}){2,20}[^\W\d_a-z]{3,30}(?!\w)")
_PILE = re.compile(r"[!?¡¿]{2,}")
_MONEY = re.compile(r"[$€£¥]{2,}|(?:[$€£¥][ ]?){3,}")
#: pictographs, dingbats and stars; what joins or colours them is part of the one before
_PICTURE = re.compile(
    "(?:[\U0001f1e6-\U0001f1ff]{2}|[\U0001f300-\U0001faff\u2600-\u27bf\u2b50\u2b55\u25a0-\u25ff])"
    "(?:\ufe0f|\u20e3|[\U0001f3fb-\U0001f3ff]|\u200d[\U0001f300-\U0001faff\u2600-\u27bf]){0,9}"
)
_MOST_PICTURES = 2
#: how mail programs mark replies and forwards, in the languages that we know of
_REPLY = re.compile(
    r"\s*((?:re|fwd?|aw|antw(?:ort)?|wg|rv|tr|sv|vs|rif|odp|enc)\s{0,2}(?:\[\d{1,3}\])?\s{0,2}:)", re.IGNORECASE
)
_WORD = re.compile(r"\w+")
#: fewer words may well be the same by chance
_FEWEST_WORDS = 3


@issue_rule("inbox-capitals", Level.WARNING)
def nobody_shouts(content: Content) -> Iterator[Finding]:
    """A title, subject or preheader in capital letters.

    Capitals read like shouting, screen readers may spell them letter by letter, and spam filters count them.

    Bad:

        ---
        title: WALKING AFTER A KNEE OPERATION
        preheader: How far, how often, and when to stop and call us
        ---

        Walk a little every day.

    Good:

        ---
        title: Walking after a knee operation
        preheader: How far, how often, and when to stop and call us
        ---

        Walk a little every day.
    """
    finder = Finder(content)
    for key, at, words in inbox_pieces(content.whole):
        shouted = _shouted(words)
        if shouted:
            message = f'the {key} is in capitals: "{shouted[:50]}"'
            yield Finding(at=finder.place(at, shouted), message=message, fix="Write it in ordinary letters.")


def _shouted(words: str) -> str:
    letters = [character for character in words if character.isalpha() and character.lower() != character.upper()]
    several = len(_WORD.findall(words)) > 1
    if several and len(letters) >= _SHOUTED_LETTERS and not any(letter.islower() for letter in letters):
        return words.strip()
    found = _SHOUTED.search(words)
    return found[0] if found and found[0].isupper() and any(len(w) > 4 for w in found[0].split()) else ""


@issue_rule("inbox-marks", Level.WARNING)
def marks_stand_alone(content: Content) -> Iterator[Finding]:
    """Several exclamation or question marks, currency signs or pictures in title, subject or preheader.

    One exclamation mark is enough for all three lines, two small pictures are the most that looks serious, and "$$$" is what
    spam filters wait for.

    Bad:

        ---
        title: New opening hours!!!
        preheader: How far, how often, and when to stop and call us
        ---

        Walk a little every day.

    Good:

        ---
        title: New opening hours
        preheader: How far, how often, and when to stop and call us
        ---

        Walk a little every day.
    """
    finder = Finder(content)
    for key, at, words in inbox_pieces(content.whole):
        for mark, what in _piles(words):
            message = f"the {key} has {what}"
            yield Finding(at=finder.place(at, mark), message=message, fix="Leave one at most, better none.")


def _piles(words: str) -> Iterator[tuple[str, str]]:
    """What is piled up, as it stands there, and how to call it."""
    # "???" that stands alone is a placeholder, which has its own rule
    if (found := _PILE.search(words)) and not re.search(r"(?<![?!\w])\?{3,}", words):
        yield found[0], f"several marks in a row: {found[0][:10]}"
    elif words.count("!") > 1:
        yield "!", f"{words.count('!')} exclamation marks"
    if found := _MONEY.search(words):
        yield found[0], f"several currency signs: {found[0][:10]}"
    pictures = [match[0] for match in _PICTURE.finditer(words)]
    if len(pictures) > _MOST_PICTURES:
        yield pictures[0], f"{len(pictures)} small pictures"


@issue_rule("subject-false-reply", Level.WARNING)
def subject_is_no_reply(content: Content) -> Iterator[Finding]:
    """A subject that begins with "Re:" or "Fwd:", although it answers nobody.

    Readers feel cheated, spam filters count it, and laws against misleading subjects forbid it (in the USA CAN-SPAM, 15 U.S.C.
    7704(a)(2)).

    Bad:

        ---
        title: Walking after a knee operation
        subject: "Re: your knee"
        preheader: How far, how often, and when to stop and call us
        ---

        Walk a little every day.

    Good:

        ---
        title: Walking after a knee operation
        subject: About your knee
        preheader: How far, how often, and when to stop and call us
        ---

        Walk a little every day.
    """
    issue = content.whole
    subject = plain_words(issue.subject)
    if found := _REPLY.match(subject):
        message = f'the subject begins with "{found[1]}", as if the mail were a reply or passed on'
        yield Finding(at=Finder(content).place(_at_subject(issue), found[1]), message=message, fix="Leave it out.")


@issue_rule("subject-repeats-sender", Level.INFORMATION)
def subject_says_something_new(content: Content) -> Iterator[Finding]:
    """A subject that begins with the name of the sender or the newsletter.

    Inboxes show the sender beside the subject, so the name takes the room of words that would say more.

    Bad:

        ---
        title: Walking after a knee operation
        subject: "{{ newsletter.name }}: walking after an operation"
        preheader: How far, how often, and when to stop and call us
        ---

        Walk a little every day.

    Good:

        ---
        title: Walking after a knee operation
        subject: Walking after an operation
        preheader: How far, how often, and when to stop and call us
        ---

        Walk a little every day.
    """
    issue, settings = content.whole, content.settings
    subject = _levelled(plain_words(issue.subject))
    for name in dict.fromkeys((settings.newsletter.name, settings.sender.name)):
        if (words := _levelled(name)) and subject[: len(words)] == words:
            message = (
                f'the subject begins with "{name}", which inboxes show beside it as the sender or readers know anyway'
            )
            yield Finding(at=_at_subject(issue), message=message, fix="Begin with what the reader will learn.")
            return


@issue_rule("preheader-repeats", Level.WARNING)
def preheader_goes_on(content: Content) -> Iterator[Finding]:
    """A preheader that says what the subject has said.

    Inboxes show the preheader directly behind the subject. Let it go on from there: what else is in the issue, or why it
    matters. A preheader that is the beginning of the text is told as information.

    Bad:

        ---
        title: Walking after a knee operation
        preheader: Walking after a knee operation
        ---

        Walk a little every day.

    Good:

        ---
        title: Walking after a knee operation
        preheader: How far, how often, and when to stop and call us
        ---

        Walk a little every day.
    """
    issue = content.whole
    preheader, subject = _levelled(plain_words(issue.preheader)), _levelled(plain_words(issue.subject))
    at = issue.place("preheader")
    if not preheader:
        return
    fix = "Say what else is in the issue, or why it matters."
    if preheader == subject or (len(subject) >= _FEWEST_WORDS and _within(subject, preheader)):
        yield Finding(at=at, message="the preheader repeats the subject", fix=fix)
    elif len(preheader) >= _FEWEST_WORDS and _within(preheader, subject):
        yield Finding(at=at, message="the preheader repeats words of the subject", fix=fix)
    elif len(preheader) >= _FEWEST_WORDS and preheader == _first_words(issue)[: len(preheader)]:
        message = "the preheader is the beginning of the text, so whoever opens the mail reads it twice"
        yield Finding(at=at, message=message, fix=fix, level=Level.INFORMATION)


def _levelled(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _within(few: list[str], many: list[str]) -> bool:
    """Whether some words stand in others, in the same order and side by side."""
    return f" {' '.join(few)} " in f" {' '.join(many)} "


def _first_words(issue: Issue) -> list[str]:
    first = next((block for block in walk_blocks(issue.body) if isinstance(block, Paragraph)), None)
    return _levelled(plain_text(first.content)) if first else []


def _at_subject(issue: Issue) -> Place:
    return issue.place("subject" if "subject" in issue.places else "title")


RULES = (nobody_shouts, marks_stand_alone, subject_is_no_reply, subject_says_something_new, preheader_goes_on)
