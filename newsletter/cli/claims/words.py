"""How claims rules look on a terminal and as JSON, and what is said at the end of a list of claims."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

import click

from newsletter.cli import show

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from newsletter.check.claims.profile import ClaimRule
    from newsletter.pipeline.screening import Screened

NOTE = (
    "This is a pre-screen that looks for words. It is no legal advice and does not say that an issue is lawful or true."
)
_SHORT = 100
_WIDTH = 96


def short(text: str) -> str:
    words = " ".join(show.clean(text).split())
    return words if len(words) <= _SHORT else f"{words[: _SHORT - 1]}…"


def verdict(found: Screened) -> str:
    """How many of what, and what comes next."""
    screening = found.screening
    if screening.wrong_language:
        return f"Not screened: the rules are written for another language than this issue. {NOTE}"
    signed = sum(claim.accepted is not None for claim in screening.claims)
    counts = [
        (len(screening.refused), "refused"),
        (len(screening.open), "open"),
        (signed, "accepted"),
        (len(screening.missing), "without its notice"),
        (len(screening.stale), "in claims.lock that no sentence needs"),
    ]
    said = ", ".join(f"{count} {word}" for count, word in counts if count) or "nothing was flagged"
    after = "".join(f" {step}" for step in _next_steps(found))
    return f"Claims in {found.issue.slug}: {said}.{after} {NOTE}"


def _next_steps(found: Screened) -> Iterator[str]:
    screening = found.screening
    if screening.open:
        yield f"The issue is held until somebody has looked: newsletter claims review {found.issue.slug}."
    if screening.refused or screening.missing:
        yield "The issue is held until what is refused is said otherwise, and missing notices are there."


def wrapped(text: str, indent: int = 4) -> list[str]:
    words = " ".join(show.clean(" ".join(text.split())).split())
    return textwrap.wrap(words, _WIDTH, initial_indent=" " * indent, subsequent_indent=" " * indent)


def rule_lines(rules: Sequence[ClaimRule], *, whole: bool) -> Iterator[str]:
    width = max((len(rule.id) for rule in rules), default=0)
    for rule in rules:
        yield f"{click.style(f'{rule.id:<{width}}', bold=True)}  {rule.level.value:<11}  {show.clean(rule.why)}."
        if whole:
            yield from wrapped(f"Looks for: {'; '.join(rule.say)}")
            yield from wrapped(f"Near: {'; '.join(rule.near.words)}") if rule.near else ()
            yield from wrapped(f"Not where: {'; '.join([*sorted(rule.unless), *rule.unless_words])}")
            yield from wrapped(f"Needs: {_needs(rule)}") if rule.needs else ()
            yield from wrapped(f"Instead: {rule.instead}") if rule.instead else ()


def _needs(rule: ClaimRule) -> str:
    needs = rule.needs
    said: Iterable[str] = (
        "a citation" if needs.citation else "",
        f"one of the words {'; '.join(needs.words)}" if needs.words else "",
        f"the notice {needs.notice} before the first call to action" if needs.notice else "",
    )
    return ", ".join(part for part in said if part)


def rule_facts(rule: ClaimRule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "level": rule.level.value,
        "say": list(rule.say),
        "near": {"words": list(rule.near.words), "within": rule.near.within} if rule.near else None,
        "unless": [*sorted(rule.unless), *rule.unless_words],
        "where": rule.where.value,
        "needs": {
            "citation": rule.needs.citation,
            "words": list(rule.needs.words),
            "notice": rule.needs.notice or None,
        },
        "why": rule.why,
        "instead": rule.instead,
        "fingerprint": rule.fingerprint,
    }
