"""How each of those who were handed over fared, read from an answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsletter.model.letter import Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from newsletter.model.letter import Answer


@dataclass(frozen=True, kw_only=True)
class Fared:
    """Everybody is in exactly one of these. The verdict holds for `rest`."""

    taken: frozenset[int]
    doubtful: Mapping[int, str]
    blamed: Mapping[int, str]
    deferred: Mapping[int, str]
    rest: tuple[int, ...]


def fared(answer: Answer, numbers: Sequence[int]) -> Fared:
    """Sort them. Where an answer contradicts itself, the first of this order counts: taken, doubtful, blamed, deferred.

    So nobody is tried again of whom it says anywhere that they have it, or may have it. Numbers that were not handed
    over are left out.
    """
    taken = answer.taken.intersection(numbers)
    unsaid = [n for n in numbers if n not in taken]
    doubtful, unsaid = _named(answer.doubtful, unsaid)
    blamed, unsaid = _named(answer.blamed, unsaid)
    deferred, unsaid = _named(answer.deferred, unsaid)
    return Fared(taken=taken, doubtful=doubtful, blamed=blamed, deferred=deferred, rest=tuple(unsaid))


def somebody_was_taken(answer: Answer, who: Fared) -> bool:
    """Whether the provider took at least one: it was reached, and it agreed."""
    return bool(who.taken or (answer.verdict is Verdict.ACCEPTED and who.rest))


def _named(named: Mapping[int, str], numbers: list[int]) -> tuple[Mapping[int, str], list[int]]:
    if not named:
        return {}, numbers
    return {n: named[n] for n in numbers if n in named}, [n for n in numbers if n not in named]
