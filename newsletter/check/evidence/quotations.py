"""Quotations without a source. Who speaks is looked for in English; an unsigned `quote` block is told in every language."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from newsletter.check.evidence.nearby import MANY
from newsletter.check.evidence.quotes import INSTEAD, SIGNED, quotations, quoted_blocks
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
#: those that scholars are said to have written
_WRITTEN_LONG = 5
_SCHOLARS = (
    r"authors?|researchers?|scientists|investigators|stud(?:y|ies)|papers?|reviews?|trials?|articles?|editorials?|guidelines?|"
    r"reports?|journals?|textbooks?|abstract|statement|association|college|academy|society|institute|agency|consensus|panel|"
    r"publication|meta-?analys[ei]s|surgeons|experts|(?-i:WHO|FDA|NICE|CDC|NIH|AAOS|OARSI)"
)
_WROTE = (
    r"wrote|writes?|written|says?|said|states?|stated|concludes?|concluded|notes?|noted|puts? it|warns?|warned|found|finds?|reads?|"
    r"reports?|reported|describes?|described|argues?|argued|explains?|explained|adds?|added|recommends?|recommended|according to|"
    r"calls?|called|terms?|termed|labels?|labell?ed|speaks? of|spoke of|refers? to|referred to|sum(?:s|med)? (?:it |this |them )?up|"
    r"summari[sz]e[sd]?|considers?|considered|judges?|judged|defines?|defined|cautions?|cautioned|urges?|urged|mentions?|mentioned|"
    r"ends?|closes?|observes?|observed|stress(?:es|ed)?|insists?|insisted|advises?|advised|cites?|declares?|declared"
)
#: their papers, for those who are only "they"
_THEIRS = (
    r"(?:in|of|from) (?:their|its|the)(?: \w{1,15})? (?:conclusions?|abstract|discussion|summary|paper|article|preface)"
)
_SCHOLARLY = re.compile(
    rf"\bwords of (?:\w{{1,12}} ){{0,3}}(?:{_SCHOLARS})\b"
    rf"|\bin the (?:{_SCHOLARS})[’']s? own words\b|\b{_THEIRS}\b.{{0,30}}?\b(?:{_WROTE})\b"
    rf"|\b(?:{_SCHOLARS})\b.{{0,60}}?\b(?:{_WROTE})\b|\b(?:{_WROTE})\b.{{0,30}}?\b(?:{_SCHOLARS})\b",
    re.IGNORECASE | re.DOTALL,
)
#: then the quotation is a title: "a paper called ..."
_TITLED = re.compile(
    rf"\b(?:{_SCHOLARS}|book|leaflet|talk|series|website|page)\b.{{0,30}}?\b(?:(?:is|was|are|were) |we |i )?"
    rf"(?:called|titled|entitled|named|headed|labell?ed)[\s,:]{{0,3}}{INSTEAD}",
    re.IGNORECASE | re.DOTALL,
)
#: groups that may be any
_TEAM = re.compile(
    r"(?<!our )(?<!your )\b(?:team|panel|group)\s(?:\w{2,12}ly\s)?"
    r"(?:wrote|writes|noted|notes|concluded|concludes|reported|found|states|stated)\b",
    re.IGNORECASE,
)
#: more quotations of an issue are not looked at
_QUOTATIONS = 1_000
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
_OWN_NAME = re.compile(r"\b(?:calls?|called|call|terms?|labels?)\b", re.IGNORECASE)
_ITS_OWN = re.compile(r"\b(?:calls?|called|terms?|labels?)\s+(?:its|their|his|her)\b", re.IGNORECASE)
_SPEECH = re.compile(r"\b(?:i|i’m|i'm|me|my|mine|we|our|us|you|your|yours|let’s|let's|please)\b", re.IGNORECASE)
_ONE_PERSON = re.compile(r"\b(?:I|I’m|I'm|I’ve|I've|me|my)\b")
_ALL_WORDS = re.compile(r"[^\W\d_]{4,}")
#: behind a quoted block: who said it
_NAMES_AFTER = re.compile(
    r"[—–]|(?:That|This|These|Those|So|Thus|Such)\b.{0,60}?\b(?:told|said|says|wrote|writes|words|put|puts|described|describes|recalls"
    r"|remembers|speaking)\b",
    re.IGNORECASE | re.DOTALL,
)
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
        yield from islice(_unsourced(content), MANY)
    yield from islice((_unsigned(block) for block in quoted_blocks(content) if _is_unsigned(block)), MANY)


def _unsourced(content: Content) -> Iterator[Finding]:
    for quotation in islice(quotations(content), _QUOTATIONS):
        level = _level(quotation)
        if level is not None:
            at = quotation.passage.place(quotation.start)
            yield Finding(at=at, message=f"no source is cited for {_shown(quotation.text)}", fix=_FIX, level=level)


def _level(quotation: Quotation) -> Level | None:
    """None where the quotation is fine."""
    words = quotation.text
    if quotation.marks or quotation.neighbours or quotation.length < _WRITTEN_LONG or _ONE_PERSON.search(words):
        return None
    if _SCHOLARLY.search(quotation.around) and not _is_known_otherwise(quotation):
        return Level.WARNING
    if quotation.length < _LONG:
        return None
    if _TEAM.search(quotation.around) and not _SPEECH.search(words):
        return Level.INFORMATION
    if quotation.goes_on and _SPOKEN.search(quotation.goes_on):
        return None
    if words.rstrip().endswith(("?", "!")) or _SPEECH.search(words) or _SPOKEN.search(quotation.around):
        return None
    return None if _is_a_title(words) else Level.INFORMATION


def _is_known_otherwise(quotation: Quotation) -> bool:
    """Whether it is the name of something, or a name that one's own people have for it."""
    around = quotation.around
    near = around[max(0, around.find(INSTEAD) - 80) :]
    own = _OWN_NAME.search(around) and (_SPEECH.search(around) or _ITS_OWN.search(around))
    return bool(_TITLED.search(near) or own or "report card" in around.lower())


def _is_a_title(words: str) -> bool:
    """As in "Living With a New Knee": most of the longer words have a capital."""
    long = _ALL_WORDS.findall(words)
    return 2 * sum(1 for word in long if word[0].isupper()) > len(long)


def _is_unsigned(block: QuotedBlock) -> bool:
    if block.marks or _is_named(block) or any(SIGNED.search(passage.text[-200:]) for passage in block.passages):
        return False
    if block.after is not None and _NAMES_AFTER.match(block.after.text):
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
