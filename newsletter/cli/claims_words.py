"""How claims look on a terminal and as JSON."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

import click

from newsletter.check.claims.profile import ClaimLevel
from newsletter.cli import show

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from newsletter.check.claims.notices import Missing
    from newsletter.check.claims.profile import ClaimRule
    from newsletter.check.claims.screening import Claim
    from newsletter.model.reference import Reference
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
    held = screening.open or screening.refused or screening.missing
    after = f" The issue is held until these are settled: newsletter claims list {found.issue.slug}." if held else ""
    return f"Claims in {found.issue.slug}: {said}.{after} {NOTE}"


def listed(found: Screened) -> Iterator[str]:
    for claim in found.screening.claims:
        yield from shown(claim, found)
        yield ""
    for one in found.screening.missing:
        yield from _missing_lines(one)
        yield ""


def shown(claim: Claim, found: Screened) -> Iterator[str]:
    """A claim in its paragraph, with its rule, its reason and what it cites."""
    flag = claim.flag
    place = flag.place
    where = f"{show.short(place.file)}:{place.line}:{place.column}"
    yield f"{click.style(claim.id, bold=True)}  {_state(claim)}  {where}  rule {flag.rule.id}"
    yield from _wrapped(_in_paragraph(claim))
    yield from _wrapped(f"Why: {flag.rule.why}.")
    if flag.rule.instead:
        yield from _wrapped(f"Instead: {flag.rule.instead}")
    for key in flag.statement.keys:
        yield from _wrapped(f"Cites {_formatted(key, found.references.get(key))}")
    if claim.accepted:
        entry = claim.accepted
        yield from _wrapped(f"Accepted by {entry.reviewer} on {entry.date.isoformat()}: {entry.why}")
    elif claim.before:
        yield from _wrapped(
            f"Accepted by {claim.before.reviewer} on {claim.before.date.isoformat()}, but {claim.changed()} changed since."
        )


def _state(claim: Claim) -> str:
    match claim.flag.level:
        case ClaimLevel.ERROR:
            return click.style("refused", fg="red")
        case ClaimLevel.REVIEW:
            return click.style("accepted", fg="green") if claim.accepted else click.style("open", fg="yellow")
        case _:
            return "told"


def _in_paragraph(claim: Claim) -> str:
    """The sentence between arrows, in what stands around it."""
    statement = claim.flag.statement
    before, found, after = statement.around.partition(statement.text)
    if not found:
        before, after = "", ""
    shown = statement.text if len(statement.text) <= 600 else f"{statement.text[:599]}…"
    return f"{before[-200:]}>> {shown} <<{after[:200]}"


def _wrapped(text: str) -> list[str]:
    words = " ".join(show.clean(" ".join(text.split())).split())
    return textwrap.wrap(words, _WIDTH, initial_indent="    ", subsequent_indent="    ")


def _formatted(key: str, reference: Reference | None) -> str:
    """Short: who, when, what."""
    if reference is None:
        return f"[@{key}]: no such reference"
    csl = reference.csl
    year = ""
    if isinstance(issued := csl.get("issued"), dict) and (parts := issued.get("date-parts")):
        year = f" {str(parts[0][0])[:10]}" if parts[0] else ""
    who = next((str(name.get("family") or name.get("literal") or "") for name in csl.get("author") or ()), "")
    return f"[@{key}] {who}{year}: {short(str(csl.get('title', '')))}"


def _missing_lines(one: Missing) -> Iterator[str]:
    flag = one.flag
    place = flag.place
    yield f"{click.style('notice missing', fg='red')}  {show.short(place.file)}:{place.line}:{place.column}  rule {flag.rule.id}"
    yield from _wrapped(f">> {flag.statement.text[:600]} <<")
    before = f"above line {one.action.line}, where readers are first asked to act" if one.action else "in the text"
    yield from _wrapped(f"Put the notice `{flag.rule.needs.notice}` {before}. Why: {flag.rule.why}.")


def facts(found: Screened) -> dict[str, Any]:
    screening = found.screening
    return {
        "issue": found.issue.slug,
        "screened": not screening.wrong_language,
        "claims": [_claim_facts(claim) for claim in screening.claims],
        "missing_notices": [
            {"rule": one.flag.rule.id, "notice": one.flag.rule.needs.notice, "line": one.flag.place.line}
            for one in screening.missing
        ],
        "stale": [{"hash": entry.hash, "sentence": entry.sentence} for entry in screening.stale],
        "problems": [problem.as_json() for problem in found.problems],
        "note": NOTE,
    }


def _claim_facts(claim: Claim) -> dict[str, Any]:
    place = claim.flag.place
    entry = claim.accepted
    return {
        "id": claim.id,
        "hash": claim.hash,
        "state": click.unstyle(_state(claim)),
        "rule": claim.flag.rule.id,
        "why": claim.flag.rule.why,
        "instead": claim.flag.rule.instead,
        "words": claim.flag.words,
        "sentence": claim.sentence,
        "references": list(claim.flag.statement.keys),
        "file": place.file,
        "line": place.line,
        "column": place.column,
        "accepted": {"reviewer": entry.reviewer, "why": entry.why, "date": entry.date.isoformat()} if entry else None,
        "changed": claim.changed() or None,
    }


def rule_lines(rules: Sequence[ClaimRule], *, whole: bool) -> Iterator[str]:
    width = max((len(rule.id) for rule in rules), default=0)
    for rule in rules:
        yield f"{click.style(f'{rule.id:<{width}}', bold=True)}  {rule.level.value:<11}  {show.clean(rule.why)}."
        if whole:
            yield from _wrapped(f"Looks for: {'; '.join(rule.say)}")
            yield from _wrapped(f"Near: {'; '.join(rule.near.words)}") if rule.near else ()
            yield from _wrapped(f"Not where: {'; '.join([*sorted(rule.unless), *rule.unless_words])}")
            yield from _wrapped(f"Needs: {_needs(rule)}") if rule.needs else ()
            yield from _wrapped(f"Instead: {rule.instead}") if rule.instead else ()


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
