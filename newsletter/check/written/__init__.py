"""Rules about what an author wrote, before anything is rendered."""

from __future__ import annotations

from newsletter.check.written import (
    body,
    damaged,
    doubled,
    events,
    foreign_tags,
    inbox,
    inbox_words,
    language,
    leftovers,
    leftovers_elsewhere,
    merge_gaps,
    pictures,
    sender,
    slips,
    slips_citations,
    slips_emphasis,
    slips_links,
    slips_lists,
    spam_words,
    variants,
)

#: in the order in which they run
RULES = (
    *inbox.RULES,
    *inbox_words.RULES,
    *spam_words.RULES,
    *body.RULES,
    *events.RULES,
    *variants.RULES,
    *leftovers.RULES,
    *leftovers_elsewhere.RULES,
    *foreign_tags.RULES,
    *merge_gaps.RULES,
    *sender.RULES,
    *slips.RULES,
    *slips_emphasis.RULES,
    *slips_links.RULES,
    *slips_lists.RULES,
    *slips_citations.RULES,
    *damaged.RULES,
    *doubled.RULES,
    *language.RULES,
    *pictures.RULES,
)
