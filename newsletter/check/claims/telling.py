"""What is said of a claim: which words, which rule, why, and what to write instead."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.check.claims.profile import ClaimLevel
from newsletter.check.rulebook import Finding
from newsletter.model.problem import Level

if TYPE_CHECKING:
    from newsletter.check.claims.ledger import Entry
    from newsletter.check.claims.matching import Flag
    from newsletter.check.claims.notices import Missing
    from newsletter.check.claims.profile import ClaimRules
    from newsletter.check.claims.screening import Claim
    from newsletter.model.problem import Place

_SHOWN = 80


def says(flag: Flag) -> str:
    return f'"{short(flag.words)}" ({flag.rule.id}): {flag.rule.why.rstrip(".")}'


def instead(flag: Flag, otherwise: str) -> str:
    return f"{otherwise} {flag.rule.instead}".strip()


def reopened(claim: Claim) -> str:
    if claim.before is None:
        return ""
    words = f' as: "{short(claim.before.sentence)}"' if claim.is_reworded else ""
    return f"; it was accepted by {_signed(claim.before)}{words}; {claim.changed()} since"


def left_over(entry: Entry) -> str:
    return f'"{short(entry.sentence)}" was accepted by {_signed(entry)} and is not flagged any more'


def reworded(entry: Entry, claim: Claim) -> str:
    return (
        f'"{short(entry.sentence)}" was accepted by {_signed(entry)}; the sentence reads otherwise now: '
        f'"{short(claim.sentence)}"'
    )


def _signed(entry: Entry) -> str:
    return f"{short(entry.reviewer)} on {entry.date.isoformat()}"


def without_notice(one: Missing, rules: ClaimRules) -> Finding:
    flag = one.flag
    notice = rules.notices[flag.rule.needs.notice]
    before = _before(one.action)
    block = f" in a `{notice.block}` block" if notice.block else ""
    text = f', such as "{notice.example}"' if notice.example else ""
    level = Level.INFORMATION if flag.level is ClaimLevel.INFORMATION else Level.ERROR
    what = f"{says(flag)}; the notice `{notice.id}` does not stand {before}"
    return Finding(at=flag.place, message=what, fix=f"Put it{block} {before}{text}.", level=level)


def _before(action: Place | None) -> str:
    return f"above the first call to action (line {action.line})" if action else "anywhere in the text"


def short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= _SHOWN else f"{words[: _SHOWN - 1]}…"
