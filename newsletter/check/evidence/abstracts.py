"""Quotations and numbers beside the stored abstracts of the sources that they cite. In every language."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from newsletter.check.evidence.comparing import compare, effort, pieces, source
from newsletter.check.evidence.nearby import MANY
from newsletter.check.evidence.quotes import SIGNED, quotations, quoted_blocks
from newsletter.check.remembered import remembered
from newsletter.check.rulebook import Finding, issue_rule
from newsletter.model.problem import Level

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from newsletter.check.evidence.comparing import Comparison, Difference
    from newsletter.check.prose.passages import Mark, Passage
    from newsletter.check.rulebook import Content
    from newsletter.model.reference import Reference

#: shorter quotations are found in many texts
_LONG = 5
#: more of an abstract is not looked at, nor more words in all of an issue
_ABSTRACT = 30_000
_EFFORT = 120_000
#: so many citations of one quotation are looked at
_MARKS = 8
#: so many differences are shown
_SHOWN = 3
_FIX = "Quote word for word, mark with ... what you leave out, or take the quotation marks away and say it in your own words."
_OWN_SPEECH = re.compile(r"\b(?:i|i’m|i'm|me|my|you|your)\b", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, eq=False)
class Quoted:
    """Words between `start` and `end` of a passage that are quoted from one of these sources."""

    passage: Passage
    start: int
    end: int
    references: tuple[Reference, ...]
    #: whether the citation stands in the same sentence
    is_close: bool
    #: whether a page is named: then it is the full text that is quoted
    is_located: bool

    @property
    def text(self) -> str:
        return self.passage.text[self.start : self.end]


@dataclass(frozen=True, kw_only=True)
class Beside:
    """A quotation beside the field of a source that it is most like. Nearest means fewest words that differ."""

    reference: Reference
    #: "abstract" or "title"
    field: str
    comparison: Comparison

    @property
    def changed(self) -> int:
        """How many words are not the same, those that are left out included."""
        mine = self.comparison.words - self.comparison.common
        return mine + sum(len(one.source.split()) for one in self.comparison.differences if not one.quoted)

    @property
    def is_same(self) -> bool:
        return self.comparison.words > 0 and not self.comparison.differences

    @property
    def is_certain(self) -> bool:
        """Whether it is surely taken from there, with a word or two altered."""
        found = self.comparison
        is_long = found.words >= 8 and found.longest >= 4
        return is_long and found.share >= 0.75 and self.changed <= max(2, found.words // 5)

    @property
    def is_like(self) -> bool:
        found = self.comparison
        least = 0.75 if self.field == "title" else 0.5 if any(one.has_numbers for one in found.differences) else 0.6
        return found.common >= 4 and found.share >= least and found.longest >= 3


@issue_rule("quotation-differs", Level.WARNING)
def quotations_are_word_for_word(content: Content) -> Iterator[Finding]:
    """A quotation that differs from the abstract of its source.

    Where the library has the abstract of the cited source, quotations are laid beside it. Case, punctuation, British or American
    spelling, an ellipsis and words in square brackets are no differences. Where nearly all words are the same, a changed one
    is an error: a reader who looks the source up finds something else.

    Bad:

        ---
        title: Walking after a knee operation
        preheader: How far, how often, and when to stop and call us
        references: quoted.json
        ---

        The authors say that "walking early reduces pain in the first weeks after the operation" [@doe2020].

    Bad (quoted.json):

        [{"id": "doe2020", "type": "article-journal", "title": "Walking early", "container-title": "Journal of Examples",
          "author": [{"family": "Doe", "given": "Ada"}], "issued": {"date-parts": [[2020]]}, "volume": "7", "page": "12-19",
          "DOI": "10.1234/doe2020",
          "abstract": "Walking early may reduce pain in the first weeks after the operation."}]

    Good:

        ---
        title: Walking after a knee operation
        preheader: How far, how often, and when to stop and call us
        references: quoted.json
        ---

        The authors say that "walking early may reduce pain ... after the operation" [@doe2020].

    Good (quoted.json):

        [{"id": "doe2020", "type": "article-journal", "title": "Walking early", "container-title": "Journal of Examples",
          "author": [{"family": "Doe", "given": "Ada"}], "issued": {"date-parts": [[2020]]}, "volume": "7", "page": "12-19",
          "DOI": "10.1234/doe2020",
          "abstract": "Walking early may reduce pain in the first weeks after the operation."}]
    """
    yield from islice(_differing(content), MANY)


def _differing(content: Content) -> Iterator[Finding]:
    for quoted, found in compared(content):
        if found is not None and not found.is_same and (found.is_certain or found.is_like):
            sure = found.is_certain and not quoted.is_located
            first = found.comparison.differences[0].at if found.comparison.differences else 0
            yield Finding(
                at=quoted.passage.place(quoted.start + first),
                message=_message(found),
                fix=_FIX,
                level=Level.ERROR if sure else Level.WARNING,
            )


@issue_rule("quotation-not-in-abstract", Level.INFORMATION)
def quotations_are_found(content: Content) -> Iterator[Finding]:
    """A quotation that is not in the abstract of its source.

    It may be from the full text: look there. If you name the page, as in `[@key, p. 4]`, this is not told.

    Bad:

        ---
        title: Walking after a knee operation
        preheader: How far, how often, and when to stop and call us
        references: quoted.json
        ---

        The authors say that "nobody should climb stairs before the wound has closed" [@doe2020].

    Bad (quoted.json):

        [{"id": "doe2020", "type": "article-journal", "title": "Walking early", "container-title": "Journal of Examples",
          "author": [{"family": "Doe", "given": "Ada"}], "issued": {"date-parts": [[2020]]}, "volume": "7", "page": "12-19",
          "DOI": "10.1234/doe2020",
          "abstract": "Walking early may reduce pain in the first weeks after the operation."}]

    Good:

        ---
        title: Walking after a knee operation
        preheader: How far, how often, and when to stop and call us
        references: quoted.json
        ---

        The authors say that "nobody should climb stairs before the wound has closed" [@doe2020, p. 14].

    Good (quoted.json):

        [{"id": "doe2020", "type": "article-journal", "title": "Walking early", "container-title": "Journal of Examples",
          "author": [{"family": "Doe", "given": "Ada"}], "issued": {"date-parts": [[2020]]}, "volume": "7", "page": "12-19",
          "DOI": "10.1234/doe2020",
          "abstract": "Walking early may reduce pain in the first weeks after the operation."}]
    """
    yield from islice(_not_found(content), MANY)


def _not_found(content: Content) -> Iterator[Finding]:
    for quoted, found in compared(content):
        known = all(_field(one, "abstract") for one in quoted.references)
        theirs = quoted.is_close and not quoted.is_located and not _OWN_SPEECH.search(quoted.text)
        if found is None and known and theirs:
            keys = ", ".join(one.key for one in quoted.references)
            yield Finding(
                at=quoted.passage.place(quoted.start),
                message=f'"{_flat(quoted.text)}" is not in the abstract of {keys}',
                fix="Look it up in the full text, and name the page: [@key, p. 4].",
            )


@remembered
def compared(content: Content) -> tuple[tuple[Quoted, Beside | None], ...]:
    """Each cited quotation of five words or more beside its source; None where it is like none of the sources."""
    return tuple(_compared(content))


def _compared(content: Content) -> Iterator[tuple[Quoted, Beside | None]]:
    left = _EFFORT
    for quoted in _quoted(content):
        parts = pieces(quoted.text)
        if sum(map(len, parts)) < _LONG:
            continue
        texts = [(one, name) for one in quoted.references for name in ("abstract", "title") if _field(one, name)]
        left -= sum(effort(parts, source(_field(one, name))) for one, name in texts)
        if left < 0:
            return
        if texts:
            best = min((_beside(quoted, one, name) for one, name in texts), key=_distance)
            yield quoted, best if best.is_same or best.is_certain or best.is_like else None


def _beside(quoted: Quoted, reference: Reference, field: str) -> Beside:
    return Beside(reference=reference, field=field, comparison=compare(quoted.text, source(_field(reference, field))))


def _distance(found: Beside) -> tuple[bool, float, int]:
    return not found.is_same, -found.comparison.share, found.changed


def _quoted(content: Content) -> Iterator[Quoted]:
    known = {one.key: one for one in content.references}
    for one in quotations(content):
        marks = one.marks or one.neighbours
        if marks:
            yield _cited(one.passage, (one.start, one.end), marks, bool(one.marks), known)
    for block in quoted_blocks(content):
        marks = block.marks or (block.before.marks[-1:] if block.before is not None else ())
        for passage in block.passages if marks else ():
            signed = SIGNED.search(passage.text, max(0, len(passage.text) - 200))
            end = signed.start() if signed else len(passage.text)
            yield _cited(passage, (0, end), marks[:_MARKS], bool(block.marks), known)


def _cited(
    passage: Passage, span: tuple[int, int], marks: Sequence[Mark], close: bool, known: Mapping[str, Reference]
) -> Quoted:
    items = [item for mark in marks for item in mark.citation.items]
    keys = dict.fromkeys(item.key for item in items if item.key in known)
    return Quoted(
        passage=passage,
        start=span[0],
        end=span[1],
        references=tuple(known[key] for key in keys)[:_MARKS],
        is_close=close,
        is_located=any(item.suffix for item in items),
    )


def _field(reference: Reference, name: str) -> str:
    value = reference.csl.get(name)
    return value[:_ABSTRACT] if isinstance(value, str) else ""


def _message(found: Beside) -> str:
    shown = [_told(one, found.field) for one in found.comparison.differences[:_SHOWN]]
    more = len(found.comparison.differences) - len(shown)
    rest = f", and {more} more" if more > 0 else ""
    where = f"the quotation differs from the {found.field} of {found.reference.key}"
    return f"{where}: {'; '.join(shown)}{rest}" if shown else where


def _told(one: Difference, field: str) -> str:
    if not one.quoted:
        return f'the quotation leaves out "{_flat(one.source)}"'
    if not one.source:
        return f'the quotation adds "{_flat(one.quoted)}"'
    return f'the {field} has "{_flat(one.source)}", the quotation says "{_flat(one.quoted)}"'


def _flat(words: str) -> str:
    flat = " ".join(words[:160].split())
    return f"{flat[:80].rstrip()}..." if len(flat) > 80 else flat


RULES = (quotations_are_word_for_word, quotations_are_found)
