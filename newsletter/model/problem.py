"""What a check found: a mistake of an author, told with its place and what to do about it. Problems are values, never raised."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class Level(StrEnum):
    #: the issue cannot go out like this
    ERROR = "error"
    #: it can go out, but somebody should look
    WARNING = "warning"
    #: worth knowing
    INFORMATION = "information"


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where something stands in a file. Lines and columns count characters from 1; line 0 means the file as a whole."""

    file: str
    line: int = 0
    column: int = 0


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One finding. `code` is stable and lower-case with hyphens; `message` says what is wrong, `fix` what to do."""

    code: str
    level: Level
    place: Place
    message: str
    fix: str

    def as_json(self) -> dict[str, str | int]:
        """The shape that `check --json` prints."""
        return {
            "code": self.code,
            "level": self.level.value,
            "file": self.place.file,
            "line": self.place.line,
            "column": self.place.column,
            "message": self.message,
            "fix": self.fix,
        }


def error(code: str, place: Place, message: str, fix: str) -> Problem:
    return Problem(code=code, level=Level.ERROR, place=place, message=message, fix=fix)


def warning(code: str, place: Place, message: str, fix: str) -> Problem:
    return Problem(code=code, level=Level.WARNING, place=place, message=message, fix=fix)


def information(code: str, place: Place, message: str, fix: str) -> Problem:
    return Problem(code=code, level=Level.INFORMATION, place=place, message=message, fix=fix)


def has_errors(problems: Iterable[Problem]) -> bool:
    return any(problem.level is Level.ERROR for problem in problems)


def in_reading_order(problems: Iterable[Problem], first: str = "") -> list[Problem]:
    """Problems by file, line and column, each told once; those of the file `first` before all others."""

    def by_place(problem: Problem) -> tuple[bool, str, int, int, str]:
        place = problem.place
        return place.file != first, place.file, place.line, place.column, problem.code

    return sorted(dict.fromkeys(problems), key=by_place)
