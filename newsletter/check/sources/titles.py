"""How a title is written: capitals, trade marks, words that do not belong to it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.check.sources.fields import kind, text, words
from newsletter.check.sources.rule import found, source_rule
from newsletter.model.problem import Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.knowledge import Knowledge
    from newsletter.check.rulebook import Finding
    from newsletter.model.reference import Reference

#: titles longer than this are looked at up to here
_LONGEST = 2_000

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
#: words of a title that are small in either spelling
_SMALL = frozenset(
    (
        "about after against among before between during from into over than that their through under upon versus "
        "what when which with within without"
    ).split()
)
_MARK = re.compile(r"[®™℠]|\((?:TM|tm)\)")
#: what exports and copied pages leave in a title
_LABEL = re.compile(
    r"\[(?:internet|online|pdf|html|book|citation|[bc]|full text|epub[^\]]{0,40}|see comments?|(?:article|review) in [a-z]+)\]|"
    r"\(?\bepub ahead of print\b|\bavailable (?:from|at) ?:|https?://|\bdoi ?: ?10\.|"
    r" [-–|] (?:PubMed|PMC|ScienceDirect|SpringerLink|Wiley Online Library|Google Scholar)$",
    re.IGNORECASE,
)


@source_rule("reference-title-capitals", Level.WARNING)
def titles_do_not_shout(reference: Reference, knowledge: Knowledge) -> Iterator[Finding]:
    """A title all in capitals.

    Databases of old wrote so. Write it as a sentence, with capitals for names and abbreviations only.

    Bad:

        ---
        title: Walking after a knee operation
        preheader: How far, how often, and when to stop and call us
        references:
          - key: one
            type: article-journal
            title: WALKING EARLY AFTER SURGERY
            author: [{family: Example, given: Ada}]
            container-title: Journal of Examples
            issued: 2020
            volume: 7
            page: 12-19
            DOI: 10.1234/one
        ---

        Walking early helps [@one].

    Good:

        ---
        title: Walking after a knee operation
        preheader: How far, how often, and when to stop and call us
        references:
          - key: one
            type: article-journal
            title: Walking early after surgery
            author: [{family: Example, given: Ada}]
            container-title: Journal of Examples
            issued: 2020
            volume: 7
            page: 12-19
            DOI: 10.1234/one
        ---

        Walking early helps [@one].
    """
    del knowledge
    for field in ("title", "container-title"):
        title = words(reference, field)[:_LONGEST]
        long = [word for word in _WORD.findall(title) if len(word) >= 4]
        if len(long) > 2 and title.isupper():
            yield found(
                reference, f"has its `{field}` in capitals", "Write it as a sentence; only names keep their capitals."
            )


@source_rule("reference-title-case", Level.INFORMATION)
def articles_have_sentences_as_titles(reference: Reference, knowledge: Knowledge) -> Iterator[Finding]:
    """The title of an article with a capital for nearly every word.

    AMA, NLM and most other styles print the titles of articles as sentences, with capitals for names and
    abbreviations only, and no style can change it by itself: it does not know the names.

    Bad:

        ---
        title: Walking after a knee operation
        preheader: How far, how often, and when to stop and call us
        references:
          - key: one
            type: article-journal
            title: Walking Early After Replacement Surgery With Crutches Or Walking Frames
            author: [{family: Example, given: Ada}]
            container-title: Journal of Examples
            issued: 2020
            volume: 7
            page: 12-19
            DOI: 10.1234/one
        ---

        Walking early helps [@one].

    Good:

        ---
        title: Walking after a knee operation
        preheader: How far, how often, and when to stop and call us
        references:
          - key: one
            type: article-journal
            title: Walking early after replacement surgery with crutches or walking frames
            author: [{family: Example, given: Ada}]
            container-title: Journal of Examples
            issued: 2020
            volume: 7
            page: 12-19
            DOI: 10.1234/one
        ---

        Walking early helps [@one].
    """
    del knowledge
    language = text(reference, "language").lower()
    if kind(reference) != "article-journal" or (language and not language.startswith("en")):
        return
    title = words(reference, "title")[:_LONGEST]
    telling = [word for word in _WORD.findall(title)[1:] if len(word) >= 4 and word.lower() not in _SMALL]
    capitals = sum(word[0].isupper() for word in telling)
    if len(telling) >= 5 and capitals >= 0.9 * len(telling) and not title.isupper():
        yield found(reference, "has a capital for nearly every word of its title", "Write the title as a sentence.")


@source_rule("reference-trademark", Level.INFORMATION)
def titles_carry_no_trademarks(reference: Reference, knowledge: Knowledge) -> Iterator[Finding]:
    """A trade mark sign in a reference.

    AMA leaves ® and ™ out: nobody has to print them, and in a list they look like an advertisement.

    Bad:

        ---
        title: Walking after a knee operation
        preheader: How far, how often, and when to stop and call us
        references:
          - key: one
            type: article-journal
            title: Walking early with the Example® knee
            author: [{family: Example, given: Ada}]
            container-title: Journal of Examples
            issued: 2020
            volume: 7
            page: 12-19
            DOI: 10.1234/one
        ---

        Walking early helps [@one].

    Good:

        ---
        title: Walking after a knee operation
        preheader: How far, how often, and when to stop and call us
        references:
          - key: one
            type: article-journal
            title: Walking early with the Example knee
            author: [{family: Example, given: Ada}]
            container-title: Journal of Examples
            issued: 2020
            volume: 7
            page: 12-19
            DOI: 10.1234/one
        ---

        Walking early helps [@one].
    """
    del knowledge
    for field in ("title", "container-title", "container-title-short"):
        if sign := _MARK.search(text(reference, field)[:_LONGEST]):
            yield found(reference, f"has {sign[0]} in its `{field}`", "Leave the sign out.")


@source_rule("reference-title-label", Level.WARNING)
def titles_hold_only_the_title(reference: Reference, knowledge: Knowledge) -> Iterator[Finding]:
    """A title with words that do not belong to it.

    "[Internet]", "Epub ahead of print", an address or the name of a database came along when it was copied. The style
    prints what belongs there.

    Bad:

        ---
        title: Walking after a knee operation
        preheader: How far, how often, and when to stop and call us
        references:
          - key: one
            type: article-journal
            title: "Walking early after surgery [Internet]"
            author: [{family: Example, given: Ada}]
            container-title: Journal of Examples
            issued: 2020
            volume: 7
            page: 12-19
            DOI: 10.1234/one
        ---

        Walking early helps [@one].

    Good:

        ---
        title: Walking after a knee operation
        preheader: How far, how often, and when to stop and call us
        references:
          - key: one
            type: article-journal
            title: Walking early after surgery
            author: [{family: Example, given: Ada}]
            container-title: Journal of Examples
            issued: 2020
            volume: 7
            page: 12-19
            DOI: 10.1234/one
        ---

        Walking early helps [@one].
    """
    del knowledge
    for field in ("title", "container-title"):
        if label := _LABEL.search(words(reference, field)[:_LONGEST]):
            words_of_it = label[0].strip(" (")
            yield found(
                reference, f'has "{words_of_it}" in its `{field}`', "Leave in the title only what the source is called."
            )


RULES = (titles_do_not_shout, articles_have_sentences_as_titles, titles_carry_no_trademarks, titles_hold_only_the_title)
