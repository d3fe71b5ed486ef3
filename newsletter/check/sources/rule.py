"""The decorator of rules about one source each: they look at the cited references of an issue, or at any others (`Library`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeAlias

from newsletter.check.rulebook import Finding, Rule, Scope

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from newsletter.check.knowledge import Knowledge
    from newsletter.model.problem import Level
    from newsletter.model.reference import Reference


class Sources(Protocol):
    """What these rules look at. The content of an issue is such a thing: its references are the cited ones."""

    @property
    def references(self) -> tuple[Reference, ...]: ...

    @property
    def knowledge(self) -> Knowledge: ...


@dataclass(frozen=True, kw_only=True)
class Library:
    """Any references, cited or not."""

    references: tuple[Reference, ...]
    knowledge: Knowledge


Look: TypeAlias = "Callable[[Reference, Knowledge], Iterable[Finding]]"


def source_rule(code: str, level: Level) -> Callable[[Look], Rule[Sources]]:
    """A rule about one reference, run once for each of them."""

    def make(look: Look) -> Rule[Sources]:
        def find(sources: Sources) -> Iterator[Finding]:
            for reference in sources.references:
                yield from look(reference, sources.knowledge)

        return Rule(code=code, level=level, scope=Scope.ISSUE, page=look.__doc__ or "", find=find)

    return make


def found(reference: Reference, message: str, fix: str, level: Level | None = None) -> Finding:
    """A finding at the entry; `message` begins with its key."""
    return Finding(at=reference.at, message=f"`{reference.key[:80]}` {message}", fix=fix, level=level)
