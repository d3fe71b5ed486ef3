"""Flagged sentences on a terminal and as JSON: each once, with everything that is said of it, in the order of the text."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import click

from newsletter.check.claims.history import side_by_side
from newsletter.check.claims.ledger import sentence_of
from newsletter.check.claims.profile import ClaimLevel
from newsletter.cli import show
from newsletter.cli.claims.words import NOTE, short, wrapped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.claims.notices import Missing
    from newsletter.check.claims.screening import Claim
    from newsletter.check.claims.statements import Statement
    from newsletter.model.reference import Reference
    from newsletter.pipeline.screening import Screened

#: so much of a sentence is shown
_LONGEST = 600


@dataclass(frozen=True, kw_only=True)
class Sentence:
    """A sentence with its claims, one for each rule, and the notices that it misses."""

    statement: Statement
    claims: list[Claim] = field(default_factory=list)
    missing: list[Missing] = field(default_factory=list)

    @property
    def open(self) -> list[Claim]:
        return [claim for claim in self.claims if claim.is_open]

    def lines(self, found: Screened) -> Iterator[str]:
        """In its paragraph, with what it cites, and each rule with its reason."""
        place = self.statement.place_at(0)
        yield click.style(f"{show.short(place.file)}:{place.line}:{place.column}", bold=True)
        yield from wrapped(_in_paragraph(self.statement))
        for key in self.statement.keys:
            yield from wrapped(f"Cites {_formatted(key, found.references.get(key))}")
        for claim in self.claims:
            yield from _claim_lines(claim)
        for one in self.missing:
            yield from _missing_lines(one)


def sentences(found: Screened) -> list[Sentence]:
    """All flagged sentences in the order of the text. The same words with the same sources a second time are the same."""
    known: dict[tuple[str, frozenset[str]], Sentence] = {}

    def of(statement: Statement) -> Sentence:
        key = (sentence_of(statement.text), frozenset(statement.keys))
        return known.setdefault(key, Sentence(statement=statement))

    for claim in found.screening.claims:
        of(claim.flag.statement).claims.append(claim)
    for one in found.screening.missing:
        of(one.flag.statement).missing.append(one)
    return sorted(known.values(), key=_order)


def _order(sentence: Sentence) -> tuple[int, int]:
    place = sentence.statement.place_at(0)
    return place.line, place.column


def open_sentences(found: Screened) -> list[Sentence]:
    return [sentence for sentence in sentences(found) if sentence.open]


def lines(found: Screened) -> Iterator[str]:
    for sentence in sentences(found):
        yield from sentence.lines(found)
        yield ""


def _claim_lines(claim: Claim) -> Iterator[str]:
    rule = claim.flag.rule
    words = short(claim.flag.words)
    yield f"  {click.style(claim.id, bold=True)}  {_state(claim)}  {rule.id}: {words}"
    yield from wrapped(f"Why: {rule.why.rstrip('.')}.", 6)
    if rule.instead:
        yield from wrapped(f"Instead: {rule.instead}", 6)
    if entry := claim.accepted:
        yield from wrapped(f"Accepted by {entry.reviewer} on {entry.date.isoformat()}: {entry.why}", 6)
    elif entry := claim.before:
        why = f"Was accepted by {entry.reviewer} on {entry.date.isoformat()} ({entry.why}); {claim.changed()} since."
        yield from wrapped(why, 6)
        if claim.is_reworded:
            old, new = side_by_side(entry.sentence, claim.sentence)
            yield from wrapped(f"Then: {old[:_LONGEST]}", 6)
            yield from wrapped(f"Now:  {new[:_LONGEST]}", 6)


def _missing_lines(one: Missing) -> Iterator[str]:
    rule = one.flag.rule
    before = f"above line {one.action.line}, where readers are first asked to act" if one.action else "in the text"
    yield f"  {click.style('notice missing', fg='red')}  {rule.id}: {short(one.flag.words)}"
    yield from wrapped(f"Put the notice `{rule.needs.notice}` {before}. Why: {rule.why.rstrip('.')}.", 6)


def _state(claim: Claim) -> str:
    match claim.flag.level:
        case ClaimLevel.ERROR:
            return click.style("refused", fg="red")
        case ClaimLevel.REVIEW:
            return click.style("accepted", fg="green") if claim.accepted else click.style("open", fg="yellow")
        case _:
            return "told"


def _in_paragraph(statement: Statement) -> str:
    """The sentence between arrows, in what stands around it."""
    text = statement.readable
    shown = text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
    return f"{statement.before}>> {shown} <<{statement.after}"


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


def facts(found: Screened) -> dict[str, Any]:
    """The same for programs."""
    screening = found.screening
    return {
        "issue": found.issue.slug,
        "screened": not screening.wrong_language,
        "claims": [_claim_facts(claim) for sentence in sentences(found) for claim in sentence.claims],
        "missing_notices": [
            {
                "rule": one.flag.rule.id,
                "why": one.flag.rule.why,
                "notice": one.flag.rule.needs.notice,
                "sentence": one.flag.statement.readable,
                "line": one.flag.place.line,
            }
            for one in screening.missing
        ],
        "stale": [{"hash": entry.hash, "sentence": entry.sentence} for entry in screening.stale],
        "problems": [problem.as_json() for problem in found.problems],
        "note": NOTE,
    }


def _claim_facts(claim: Claim) -> dict[str, Any]:
    place = claim.flag.place
    return {
        "id": claim.id,
        "hash": claim.hash,
        "state": click.unstyle(_state(claim)),
        "rule": claim.flag.rule.id,
        "why": claim.flag.rule.why,
        "instead": claim.flag.rule.instead,
        "words": claim.flag.words,
        "sentence": claim.flag.statement.readable,
        "references": list(claim.flag.statement.keys),
        "file": place.file,
        "line": place.line,
        "column": place.column,
        "signature": _signature(claim),
        "changed": claim.changed() or None,
    }


def _signature(claim: Claim) -> dict[str, Any] | None:
    """Who accepted it; or its old wording, rule or references, and then it does not count any more."""
    entry = claim.accepted or claim.before
    if entry is None:
        return None
    return {
        "reviewer": entry.reviewer,
        "why": entry.why,
        "date": entry.date.isoformat(),
        "sentence": entry.sentence,
        "in_force": claim.accepted is not None,
    }
