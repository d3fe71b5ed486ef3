"""Problems as the page lists them: in words, with the author's line marked and the lines around it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from newsletter.model.problem import Level

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from newsletter.model.problem import Place, Problem
    from newsletter.web.preview.marks import Spot

_LARGEST = 2_000_000
#: lines that are shown before and after the one in question
_AROUND = 2
#: characters of a line: of a very long one, only what stands around the place
_BEFORE, _AFTER = 60, 160
#: what is marked: the merge tag or the word at the place
_WORD = re.compile(r"\{\{[^{}]{0,80}\}\}|\S{1,60}")


@dataclass(frozen=True, kw_only=True)
class Line:
    """`marked` is what the problem points at, between the rest of the line."""

    number: int
    before: str
    marked: str = ""
    after: str = ""
    #: whether it is the line in question
    is_it: bool = False


@dataclass(frozen=True, kw_only=True)
class Card:
    """`number` tells cards of one list apart."""

    number: int
    level: Level
    code: str
    message: str
    fix: str
    where: str
    lines: tuple[Line, ...]
    spot: Spot | None


def cards(
    problems: Iterable[Problem], folder: Path, spot_of: Callable[[Place], Spot | None] = lambda _place: None
) -> tuple[Card, ...]:
    """Errors first, then warnings; within each, in the order of the list."""
    sources: dict[str, Sequence[str]] = {}
    order = list(Level)
    ranked = sorted(problems, key=lambda problem: order.index(problem.level))
    return tuple(
        Card(
            number=number,
            level=problem.level,
            code=problem.code,
            message=_sentence(problem.message),
            fix=problem.fix,
            where=_where(problem.place, folder),
            lines=tuple(_lines(problem.place, folder, sources)),
            spot=spot_of(problem.place),
        )
        for number, problem in enumerate(ranked)
    )


def _sentence(text: str) -> str:
    """Codes and file names at the beginning keep their spelling."""
    begins = text if re.match(r"\S*[./_`]", text) else text[:1].upper() + text[1:]
    return begins + ("" if begins.endswith((".", "!", "?")) else ".")


def _where(place: Place, folder: Path) -> str:
    path = Path(place.file)
    shown = str(path.relative_to(folder)) if path.is_absolute() and path.is_relative_to(folder) else place.file
    return f"{shown}, line {place.line}" if place.line else shown


def _lines(place: Place, folder: Path, sources: dict[str, Sequence[str]]) -> Iterator[Line]:
    if place.file not in sources:
        sources[place.file] = _read(folder / place.file)
    source = sources[place.file]
    if not 0 < place.line <= len(source):
        return
    for number in range(max(1, place.line - _AROUND), min(len(source), place.line + _AROUND) + 1):
        text = source[number - 1]
        yield _marked(place, text) if number == place.line else Line(number=number, before=_short(text))


def _marked(place: Place, text: str) -> Line:
    start = min(max(place.column - 1, 0), len(text))
    found = _WORD.match(text, start) or _WORD.search(text)
    first, last = found.span() if found else (len(text), len(text))
    cut = max(0, first - _BEFORE)
    before = ("…" if cut else "") + text[cut:first]
    return Line(number=place.line, before=before, marked=text[first:last], after=_short(text[last:]), is_it=True)


def _short(text: str) -> str:
    return text if len(text) <= _AFTER else f"{text[:_AFTER]}…"


def _read(path: Path) -> Sequence[str]:
    try:
        if not path.is_file() or path.stat().st_size > _LARGEST:
            return ()
        return path.read_text(encoding="utf-8-sig", errors="replace").replace("\r\n", "\n").split("\n")
    except (OSError, ValueError):
        return ()
