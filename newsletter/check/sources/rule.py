"""The decorator of rules about one source each: they look at the cited references of an issue, or at any others (`Library`)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import TYPE_CHECKING, Protocol, TypeAlias

from newsletter.check.rulebook import Content, Finding, Rule, Scope
from newsletter.model.document import Citation, every_inline

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
#: lines that a message names
_MOST_LINES = 5


def source_rule(code: str, level: Level, *, says_where_cited: bool = False) -> Callable[[Look], Rule[Sources]]:
    """A rule about one reference, run once for each of them. Where the letter has to be changed, not the reference, its
    findings in an issue name the lines that cite it.
    """

    def make(look: Look) -> Rule[Sources]:
        def find(sources: Sources) -> Iterator[Finding]:
            for reference in sources.references:
                for finding in look(reference, sources.knowledge):
                    yield _where_cited(finding, reference, sources) if says_where_cited else finding

        return Rule(code=code, level=level, scope=Scope.ISSUE, page=look.__doc__ or "", find=find)

    return make


def _where_cited(finding: Finding, reference: Reference, sources: Sources) -> Finding:
    """With `(cited in lines 12 and 30 of issue.md)`."""
    if not isinstance(sources, Content):
        return finding
    items = (item for one in every_inline(sources.whole.body) if isinstance(one, Citation) for item in one.items)
    places = [item.at for item in items if item.key == reference.key and item.at.line]
    if not places:
        return finding
    lines = list(dict.fromkeys(str(place.line) for place in places if place.file == places[0].file))
    shown = [*lines[:_MOST_LINES], *(["others"] if len(lines) > _MOST_LINES else [])]
    said = f"line {shown[0]}" if len(shown) == 1 else f"lines {', '.join(shown[:-1])} and {shown[-1]}"
    return replace(finding, message=f"{finding.message} (cited in {said} of {PurePath(places[0].file).name})")


def found(reference: Reference, message: str, fix: str, level: Level | None = None, field: str = "") -> Finding:
    """A finding at the entry, or at the field that it is about; `message` begins with the entry's key."""
    return Finding(at=reference.place(field), message=f"`{reference.key[:80]}` {message}", fix=fix, level=level)
