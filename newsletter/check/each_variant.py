"""What is wrong with the variants of an issue, each mistake told once, with whose mail it is in."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from newsletter.model.variants import readers_in_words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from newsletter.model.problem import Level, Place, Problem

    #: what is wrong with one variant is mostly wrong with all: in another, the same at the same place is no news
    _Mistake = tuple[Place, str, Level]


def each_once(found: Iterable[tuple[str, Iterable[Problem]]]) -> list[Problem]:
    """`found` are the names of all variants, and the problems of each."""
    count = 0
    mails: dict[_Mistake, list[str]] = defaultdict(list)
    first: dict[_Mistake, list[Problem]] = {}
    for name, problems in found:
        count += 1
        mistakes: dict[_Mistake, list[Problem]] = defaultdict(list)
        for problem in problems:
            mistakes[problem.place, problem.code, problem.level].append(problem)
        for mistake, told in mistakes.items():
            mails[mistake].append(name)
            first.setdefault(mistake, told)
    return [
        replace(problem, message=problem.message + _whose(mails[mistake], count))
        for mistake, told in first.items()
        for problem in told
    ]


def _whose(names: list[str], count: int) -> str:
    """Nothing where it is everybody's mail."""
    if len(names) == count:
        return ""
    mail = f"the mail for {readers_in_words(names[0])}"
    return f" (in {mail})" if len(names) == 1 else f" (in {len(names)} of {count} variants, such as {mail})"
