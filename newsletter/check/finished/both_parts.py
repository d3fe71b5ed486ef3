"""Words and merge tags that only one part of the mail has, the HTML or the text: some readers would never get them."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from newsletter.check.finished.part_words import ROW, all_words, html_passages, rows, text_passages
from newsletter.check.rulebook import Finding, mail_rule
from newsletter.model.problem import Level
from newsletter.model.rendered import LINK_SLOTS, Slot, slots_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from newsletter.check.finished.part_words import Passage
    from newsletter.check.mail import Mail
    from newsletter.model.problem import Place

#: outside of what the author wrote, templates may decorate one part with so many words
_DECORATION = 4
_TEMPLATE = "Correct the templates (.html and .txt): readers of both must get the same words."
#: how many doubtful passages are looked at closely
_MOST = 200
#: how many words of a passage are told
_TOLD = 12


@mail_rule("parts-differ", Level.WARNING)
def both_parts_say_the_same(mail: Mail) -> Iterator[Finding]:
    """Words that only the HTML has, or only the text part.

    Every mail has two parts, and some readers, watches and speech programs take the text. Both are made from the same issue, so
    a difference comes from a template of the workspace that leaves something out: correct it.

    Bad (templates/email/blocks/callout.txt.j2):

        | {{ title }}

    Bad:

        ::: callout title="Rest"
        Rest when it hurts, and call us.
        :::

    Good:

        ::: callout title="Rest"
        Rest when it hurts, and call us.
        :::
    """
    html, text = html_passages(mail.page.root), text_passages(mail.text)
    # a number to dial may stand in the text part as an address: <112>
    for passage, words in _lacking(html, text, all_words(mail.text)):
        at = mail.place(passage.offset)
        if _counts(mail, at, words):
            yield Finding(
                at=at, message=f"the text part lacks these words of the HTML: {_shown(words, mail)}", fix=_TEMPLATE
            )
    places = _Places(html, text)
    # the words of links within the mail, such as "see below"
    for passage, words in _lacking(text, html, all_words(" ".join(shown.text for shown in mail.page.shown))):
        own, offset = places.near(passage)
        at = mail.place(offset)
        if len(words) > _DECORATION or (own and _counts(mail, at, words)):
            yield Finding(
                at=at, message=f"the HTML lacks these words of the text part: {_shown(words, mail)}", fix=_TEMPLATE
            )


def _lacking(
    part: Sequence[Passage], other: Sequence[Passage], elsewhere: Iterable[str]
) -> Iterator[tuple[Passage, list[str]]]:
    """Passages with words that the other part does not have, or not in this order.

    `elsewhere` are words that it has in places which are not compared.
    """
    theirs = [word for passage in other for word in passage.words]
    known, known_rows = {*theirs, *elsewhere}, set(rows(theirs))
    squashed = ""
    looked = 0
    for passage in part:
        words = [] if passage.is_mark else _unknown(passage.words, known, known_rows)
        if words and looked < _MOST:
            looked += 1
            squashed = squashed or "".join(theirs)
            # long words may be cut in two at the end of a line
            if "".join(words) not in squashed:
                yield passage, list(passage.words) if _most_rows(passage.words, known_rows) else words


def _unknown(words: Sequence[str], known: set[str], known_rows: set[tuple[str, ...]]) -> list[str]:
    """From the first to the last word that is missing; words that are all there, but nowhere in a row, are missing too."""
    gone = [number for number, word in enumerate(words) if word not in known]
    if gone:
        return list(words[gone[0] : gone[-1] + 1])
    letters = sum(not word.isdigit() for word in words)
    return list(words) if letters > 2 * ROW and _most_rows(words, known_rows) else []


def _most_rows(words: Sequence[str], known: set[tuple[str, ...]]) -> bool:
    """Whether more than half of the rows of these words are missing."""
    own = list(rows(words))
    return sum(row not in known for row in own) * 2 > len(own)


def _counts(mail: Mail, at: Place, words: Sequence[str]) -> bool:
    """Every word of the author's counts; around it, only what is more than decoration."""
    is_body = at.file == str(mail.issue.path) and at not in mail.issue.places.values()
    return is_body or len(words) > _DECORATION


def _shown(words: Sequence[str], mail: Mail) -> str:
    names = {
        mail.slot(slot.name): f"{{{{ {slot.name} }}}}" for slot in slots_of(mail.rendered.html, mail.rendered.text)
    }
    shown = " ".join(names.get(word, word) for word in words[:_TOLD])
    return f'"{shown}{" …" if len(words) > _TOLD else ""}"'


class _Places:
    """Where in the HTML words of the text part stand."""

    def __init__(self, html: Sequence[Passage], text: Sequence[Passage]) -> None:
        self._text = text
        self._index = {id(passage): index for index, passage in enumerate(text)}
        self._offsets: Mapping[tuple[str, ...], int] = {
            row: passage.offset for passage in html for row in rows(passage.words)
        }

    def near(self, passage: Passage) -> tuple[bool, int]:
        """The offset of the passage's own words (True), else of those before it, else of the page."""
        if (own := self._first(rows(passage.words))) is not None:
            return True, own
        index = self._index[id(passage)]
        nearby = (self._first(rows(one.words)) for one in reversed(self._text[max(0, index - 5) : index]))
        return False, next((offset for offset in nearby if offset is not None), 0)

    def _first(self, found: Iterable[tuple[str, ...]]) -> int | None:
        return next((self._offsets[row] for row in found if row in self._offsets), None)


@mail_rule("merge-tag-in-one-part", Level.WARNING)
def both_parts_have_the_same_tags(mail: Mail) -> Iterator[Finding]:
    """A merge tag that stands in the HTML, but not in the text part, or the other way round.

    A template of the workspace leaves it out of one part: correct it.

    Bad (templates/email/blocks/callout.txt.j2):

        | {{ title }}

    Bad:

        ::: callout title="Rest"
        Rest when it hurts, {{ first_name | default("dear reader") }}.
        :::

    Good:

        ::: callout title="Rest"
        Rest when it hurts, {{ first_name | default("dear reader") }}.
        :::
    """
    seen = "".join(chain((shown.text for shown in mail.page.shown), (link.url for link in mail.page.links)))
    seen += "".join(element.attributes.get("alt", "") for element in mail.page.elements() if element.tag == "img")
    for name, character in _fields(mail):
        if (character in seen) != (character in mail.text):
            lacking = "text part" if character in seen else "HTML"
            offset = mail.html.find(character)
            at = mail.place(max(offset, 0))
            yield Finding(
                at=at, message=f"the {lacking} has no `{{{{ {name} }}}}`, and the other part has", fix=_TEMPLATE
            )


def _fields(mail: Mail) -> Iterator[tuple[str, str]]:
    slots = slots_of(mail.rendered.html, mail.rendered.text)
    names = dict.fromkeys(slot.name for slot in slots if isinstance(slot, Slot) and slot.name not in LINK_SLOTS)
    return ((name, mail.slot(name)) for name in names)


RULES = (both_parts_say_the_same, both_parts_have_the_same_tags)
