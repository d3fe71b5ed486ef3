"""What to do about a line that TOML cannot read, by what people mostly mean when they write it."""

from __future__ import annotations

import re
from typing import NamedTuple


class _Habit(NamedTuple):
    """`said` and `line` are patterns for the parser's words and for the line that it stopped at."""

    said: str
    line: str
    what: str
    fix: str


#: the first that fits is told
_HABITS = (
    _Habit(
        "",
        "[\u201c\u201d\u201e\u2018\u2019\u201a\u00ab\u00bb]",
        "it has curly quotes",
        'Type straight ones: "..."; a word processor makes them curly.',
    ),
    _Habit(
        "Cannot overwrite",
        "",
        "this key stands above already",
        "Keep one of the two; for several conditions write all = [{ ... }, { ... }].",
    ),
    _Habit(
        "Cannot (?:declare|mutate)",
        "",
        "this section stands above already",
        "Put what stands in both into one section.",
    ),
    _Habit(
        "",
        r"=\s*\d{1,2}\.\d{1,2}\.\d{4}",
        "a date is written differently",
        "Write it as year-month-day: 2026-03-01.",
    ),
    _Habit("Invalid date", "", "there is no such day", "Write a date such as 2026-03-01."),
    _Habit(
        "",
        r"=\s*(?:True|TRUE|False|FALSE|yes|no|Yes|No)\b",
        "yes and no are written differently",
        "Write true or false, in small letters.",
    ),
    _Habit("", r"=\s*-?\d+,\d", "a number has a point, not a comma", "Write it such as 6.5."),
    _Habit("", r"=\s*-?[\d.]+\s*%", "a number stands alone", "Leave out the %."),
    _Habit(
        "",
        r"^\s*\[[^#]*[^\w\[\].\"'\s#-]|^\s*\[[^\]\"']*\w\s+\w|^\s*\[[^\]\"']*[^\x00-\x7f]",
        "the name of a section has only small letters, digits, hyphens and underscores",
        "Write it such as [segments.my-runners].",
    ),
    _Habit(
        "",
        r"\{\s*(?:#.*)?$",
        "what stands in { } stays on one line",
        "Write it on one line, or as a section of its own such as [segments.NAME.not].",
    ),
    _Habit(
        "Unclosed array",
        "",
        "a comma or a bracket is missing",
        "Put a comma between two entries, and ] behind the last.",
    ),
    _Habit("Unclosed inline", "", "a brace is missing", "Close it with } on the same line."),
    _Habit(
        "Expected '=' after",
        "",
        "between a key and its value stands one =",
        'Write it such as equals = "running"; for "is not" see `not` in docs/segments.md.',
    ),
    _Habit(
        "Expected newline",
        r"\bor\b|\band\b|\|\||&&",
        "one key has one value",
        "Write any = [{ ... }, { ... }] or all = [{ ... }, { ... }].",
    ),
)
_ELSE = 'Texts stand in quotes, keys look like `name = "value"`, sections like `[sender]`.'
#: no longer line is looked at
_LONGEST = 500


def advice(said: str, line: str) -> tuple[str, str]:
    """(what is wrong, what to do); `said` are the parser's words."""
    for habit in _HABITS:
        if re.match(habit.said, said) and re.search(habit.line, line[:_LONGEST]):
            return f"this line cannot be read: {habit.what}", habit.fix
    return f"this line cannot be read: {said}", _ELSE
