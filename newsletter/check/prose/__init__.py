"""Rules about the words: spelling, copy-editing, abbreviations, readability. They read passages and sentences."""

from __future__ import annotations

from newsletter.check.prose import (
    agreement,
    consistency,
    languages,
    marks,
    phones,
    phrases,
    residue,
    topic,
)

#: in the order in which they run
RULES = (
    *languages.RULES,
    *phrases.RULES,
    *agreement.RULES,
    *marks.RULES,
    *residue.RULES,
    *phones.RULES,
    *consistency.RULES,
    *topic.RULES,
)
