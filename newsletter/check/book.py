"""The rule book: all rules that we ship, and the pages of all codes, those that reading and rendering tell included."""

from __future__ import annotations

import importlib
from functools import cache
from typing import TYPE_CHECKING, Any

from newsletter.check import (
    accessible,
    bare_links,
    body,
    both_parts,
    clients,
    contrast,
    damaged,
    doubled,
    foreign_tags,
    headings,
    inbox,
    inbox_words,
    language,
    leftovers,
    leftovers_elsewhere,
    legible,
    link_contacts,
    link_targets,
    link_words,
    merge_gaps,
    output,
    page_head,
    pictures,
    reachable,
    sender,
    shown,
    size,
    slips,
    slips_citations,
    slips_emphasis,
    slips_links,
    slips_lists,
    spam_score,
    spam_words,
    style_sources,
    styles,
    tables,
    text_order,
    variants,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from newsletter.check.rulebook import Rule

#: in the order in which they run
SHIPPED: tuple[Rule[Any], ...] = (
    *inbox.RULES,
    *inbox_words.RULES,
    *spam_words.RULES,
    *body.RULES,
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
    *output.RULES,
    *shown.RULES,
    *legible.RULES,
    *text_order.RULES,
    *both_parts.RULES,
    *size.RULES,
    *styles.RULES,
    *style_sources.RULES,
    *clients.RULES,
    *accessible.RULES,
    *page_head.RULES,
    *headings.RULES,
    *tables.RULES,
    *contrast.RULES,
    *link_targets.RULES,
    *link_contacts.RULES,
    *link_words.RULES,
    *bare_links.RULES,
    *reachable.RULES,
    *spam_score.RULES,
)
#: modules with the pages of codes that no rule here finds; read only where somebody asks for them
_TOLD = (
    "files",
    "front_matter",
    "markdown",
    "blocks",
    "citations",
    "references",
    "pictures",
    "templates",
    "disclaimers",
    "settings",
    "checks",
)


@cache
def told_rules() -> tuple[Rule[None], ...]:
    """The codes that are told while files are read and rendered."""
    modules = (importlib.import_module(f"newsletter.check.told.{name}") for name in _TOLD)
    return tuple(rule for module in modules for rule in module.RULES)


def by_code(rules: Iterable[Rule[Any]] = SHIPPED) -> Mapping[str, Rule[Any]]:
    """Every code that there is. Where several rules share one, the first has its page."""
    book: dict[str, Rule[Any]] = {}
    for rule in (*rules, *told_rules()):
        book.setdefault(rule.code, rule)
    return book
