"""Rules about links: where they lead, and what they say."""

from __future__ import annotations

from newsletter.check.links import bare, contacts, reachable, targets, words

#: in the order in which they run
RULES = (
    *targets.RULES,
    *contacts.RULES,
    *words.RULES,
    *bare.RULES,
    *reachable.RULES,
)
