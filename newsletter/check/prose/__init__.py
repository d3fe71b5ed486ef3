"""Rules about the words: spelling, copy-editing, abbreviations, readability. They read passages and sentences."""

from __future__ import annotations

from newsletter.check.prose import (
    abbreviations,
    agreement,
    articles,
    consistency,
    country,
    languages,
    marks,
    phones,
    phrases,
    readability,
    residue,
    spelling,
    topic,
    topic_sources,
)

#: in the order in which they run
RULES = (
    *languages.RULES,
    *spelling.RULES,
    *abbreviations.RULES,
    *readability.RULES,
    *phrases.RULES,
    *agreement.RULES,
    *articles.RULES,
    *marks.RULES,
    *residue.RULES,
    *phones.RULES,
    *consistency.RULES,
    *country.RULES,
    *topic.RULES,
    *topic_sources.RULES,
)
