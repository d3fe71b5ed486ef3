"""Quotations without a source. Who speaks is looked for in English; an unsigned `quote` block is told in every language."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.check.evidence.quotes import SIGNED, quotations, quoted_blocks
from newsletter.check.prose.languages import english
from newsletter.check.prose.passages import Kind
from newsletter.check.rulebook import Finding, issue_rule
from newsletter.model.document import TypedBlock
from newsletter.model.problem import Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.evidence.quotes import Quotation, QuotedBlock
    from newsletter.check.prose.passages import Passage
    from newsletter.check.rulebook import Content

#: shorter ones are words that somebody weighs, not quotations
_LONG = 6
_SCHOLARS = (
    r"authors?|researchers?|scientists|investigators|stud(?:y|ies)|papers?|reviews?|trials?|articles?|editorials?|guidelines?|"
    r"reports?|journals?|textbooks?|abstract|statement|association|college|academy|society|institute|agency|consensus|panel|"
    r"publication|meta-?analys[ei]s|surgeons|experts|(?-i:WHO|FDA|NICE|CDC|NIH|AAOS|OARSI)"
)
_WROTE = (
    r"wrote|writes?|written|says?|said|states?|stated|concludes?|concluded|notes?|noted|puts? it|warns?|warned|found|finds?|reads?|"
    r"reports?|reported|describes?|described|argues?|argued|explains?|explained|adds?|added|recommends?|recommended|according to"
)
_SCHOLARLY = re.compile(
    rf"\bwords of (?:\w{{1,12}} ){{0,3}}(?:{_SCHOLARS})\b"
    rf"|\b(?:{_SCHOLARS})\b.{{0,60}}?\b(?:{_WROTE})\b|\b(?:{_WROTE})\b.{{0,30}}?\b(?:{_SCHOLARS})\b",
    re.IGNORECASE | re.DOTALL,
)
#: somebody speaks, or the words are weighed and not quoted
_SPOKEN = re.compile(
    rf"\b(?:{_WROTE}|asks?|asked|tells?|told|hears?|heard|calls?|called|recalls?|recalled|laughs?|laughed|remembers|remembered|jokes?|"
    r"replies|replied|answers?|answered|thinks?|thought|feels?|felt|wonders?|wants?|words?|phrases?|sentences?|headings?|"
    r"headlines?|myths?|titles?|titled|named|leaflets?|brochures?|books?|films?|songs?|mottos?|signs?|buttons?|links?|"
    r"subject|forms?|means?|meant|questions?|labell?ed|labels?|entitled|lecture|talk|workshop|section|chapter|page|video|"
    r"podcast|saying|proverb|like|such as|instead of|believe|claims?|promises?|promised|adverts?|box|field|menu)\b"
    r"|\b(?:Dr|Prof|Mr|Mrs|Ms)\b",
    re.IGNORECASE,
)
_SPEECH = re.compile(r"\b(?:i|i’m|i'm|me|my|mine|we|our|us|you|your|yours|let’s|let's|please)\b", re.IGNORECASE)
_ONE_PERSON = re.compile(r"\b(?:I|I’m|I'm|I’ve|I've|me|my)\b")
_ALL_WORDS = re.compile(r"[^\W\d_]{4,}")
_FIX = "Cite the source: write [@key] behind the quotation, or say who said it."


@issue_rule("quotation-without-citation", Level.WARNING)
def quotations_have_a_source(content: Content) -> Iterator[Finding]:
    """A quotation without a source.

    Who quotes a paper says which one. A quotation of six words or more that authors, a study or a guideline are said to have
    written needs a citation in its sentence or in the one beside it; one of which nobody says whose it is, and a `quote` block
    without attribution, are told as information.
    What a person says who is named ("Maren Ostrow says") is fine, and so is a `quote` block with an attribution.

    Bad:

        The authors wrote: "Walking within a day of the operation is safe for most patients."

    Good:

        ---
        title: Walking after a knee operation
        preheader: How far, how often, and when to stop and call us
        references: refs.json
        ---

        The authors wrote: "Walking within a day of the operation is safe for most patients" [@ok2020].

        "I was afraid of the stairs, and now I run up," says Ada Example, who joined our group in May.
    """
    if english(content):
        for quotation in quotations(content):
            level = _level(quotation)
            if level is not None:
                at = quotation.passage.place(quotation.start)
                yield Finding(at=at, message=f"no source is cited for {_shown(quotation.text)}", fix=_FIX, level=level)
    for block in quoted_blocks(content):
        if _is_unsigned(block):
            yield _unsigned(block)


def _level(quotation: Quotation) -> Level | None:
    """None where the quotation is fine."""
    words = quotation.text
    if quotation.marks or quotation.neighbours or quotation.length < _LONG or _ONE_PERSON.search(words):
        return None
    if _SCHOLARLY.search(quotation.around):
        return Level.WARNING
    if words.rstrip().endswith(("?", "!")) or _SPEECH.search(words) or _SPOKEN.search(quotation.around):
        return None
    return None if _is_a_title(words) else Level.INFORMATION


def _is_a_title(words: str) -> bool:
    """As in "Living With a New Knee": most of the longer words have a capital."""
    long = _ALL_WORDS.findall(words)
    return 2 * sum(1 for word in long if word[0].isupper()) > len(long)


def _is_unsigned(block: QuotedBlock) -> bool:
    if block.marks or _is_named(block) or any(SIGNED.search(passage.text[-200:]) for passage in block.passages):
        return False
    if block.after is not None and block.after.text.startswith(("—", "–")):
        return False
    if block.before is not None and _leads_to(block.before):
        return False
    return sum(len(passage.text.split()) for passage in block.passages) >= _LONG


def _is_named(block: QuotedBlock) -> bool:
    return isinstance(block.block, TypedBlock) and any(
        block.block.attributes.get(name) for name in ("attribution", "href")
    )


def _leads_to(before: Passage) -> bool:
    """Whether the passage in front says whose words follow."""
    end = before.text.rstrip()[-200:]
    return before.kind is not Kind.HEADING and end.endswith(":") and bool(before.marks or _SPOKEN.search(end))


def _unsigned(block: QuotedBlock) -> Finding:
    first = block.passages[0]
    typed = isinstance(block.block, TypedBlock)
    fix = 'Write attribution="..." into its first line, or cite the source with [@key].' if typed else _FIX
    message = f"nobody says whose words these are: {_shown(first.text)}"
    return Finding(at=first.place(0), message=message, fix=fix, level=Level.INFORMATION)


def _shown(words: str) -> str:
    flat = " ".join(words[:120].split())
    return f'"{flat[:60].rstrip()}..."' if len(flat) > 60 else f'"{flat}"'


RULES = (quotations_have_a_source,)
