"""The rule book: all rules that we ship, and the pages of all codes, those that reading and rendering tell included."""

from __future__ import annotations

import importlib
from functools import cache
from typing import TYPE_CHECKING, Any

from newsletter.check import claims, clients, evidence, finished, links, prose, seen, sources, written

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from newsletter.check.rulebook import Rule

#: in the order in which they run
SHIPPED: tuple[Rule[Any], ...] = (
    *written.RULES,
    *sources.RULES,
    *evidence.RULES,
    *claims.RULES,
    *prose.RULES,
    *finished.RULES,
    *seen.RULES,
    *clients.RULES,
    *links.RULES,
)
#: modules with the pages of codes that no rule here finds; read only where somebody asks for them
_TOLD = (
    "files",
    "front_matter",
    "markdown",
    "blocks",
    "citations",
    "references",
    "references_more",
    "references_library",
    "pictures",
    "templates",
    "disclaimers",
    "notices",
    "settings",
    "checks",
    "claims",
    "glossary",
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
