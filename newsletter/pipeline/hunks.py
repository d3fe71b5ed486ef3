"""Two lists of lines -> the stretches that differ, with a little around each, as in a unified diff."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    #: kind, start and end before, start and end after
    _Opcode = tuple[str, int, int, int, int]

#: lines around a change that stay the same
_AROUND = 2


@dataclass(frozen=True, kw_only=True)
class Hunk:
    """`lines` begin with "-" (gone), "+" (new) or a space; `start` and `begin` count from 0, before and after."""

    lines: tuple[str, ...]
    start: int
    begin: int
    #: index, in the lines after, of the first that is new or stands where one is gone
    changed: int

    @property
    def words(self) -> str:
        """The heading of a unified diff."""
        gone, new = (sum(line[0] in kinds for line in self.lines) for kinds in ("- ", "+ "))
        return f"@@ -{self.start + bool(gone)},{gone} +{self.begin + bool(new)},{new} @@"


def hunks(before: Sequence[str], after: Sequence[str], *, joined: bool = True) -> Iterator[Hunk]:
    """The stretches that differ; those that lie close together are one, unless they are to be told apart (`joined`).

    Equal ends are set aside first: most edits are small, and comparing is not cheap.
    """
    head = _alike(before, after)
    tail = _alike(before[head:][::-1], after[head:][::-1])
    head, tail = max(0, head - _AROUND), max(0, tail - _AROUND)
    old, new = before[head : len(before) - tail], after[head : len(after) - tail]
    matcher = SequenceMatcher(None, old, new)
    for group in matcher.get_grouped_opcodes(_AROUND) if joined else _one_by_one(matcher):
        lines = tuple(line for opcode in group for line in _lines(opcode, old, new))
        changed = next((begin for kind, _, _, begin, _ in group if kind != "equal"), None)
        if changed is not None:
            yield Hunk(lines=lines, start=group[0][1] + head, begin=group[0][3] + head, changed=changed + head)


def _one_by_one(matcher: SequenceMatcher[str]) -> Iterator[Sequence[_Opcode]]:
    """Each difference with its own lines around it, which may be the next one's as well."""
    opcodes = matcher.get_opcodes()
    for number, opcode in enumerate(opcodes):
        if opcode[0] != "equal":
            group = [opcode]
            if number:  # between two differences there is always something equal
                _, start, end, begin, stop = opcodes[number - 1]
                group.insert(0, ("equal", max(start, end - _AROUND), end, max(begin, stop - _AROUND), stop))
            if number + 1 < len(opcodes):
                _, start, end, begin, stop = opcodes[number + 1]
                group.append(("equal", start, min(end, start + _AROUND), begin, min(stop, begin + _AROUND)))
            yield group


def _alike(one: Sequence[str], other: Sequence[str]) -> int:
    """How many lines at the beginning are the same."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((count for count, (left, right) in pairs if left != right), min(len(one), len(other)))


def _lines(opcode: _Opcode, old: Sequence[str], new: Sequence[str]) -> Iterator[str]:
    kind, start, end, begin, stop = opcode
    if kind == "equal":
        yield from (f" {line}" for line in old[start:end])
        return
    yield from (f"-{line}" for line in old[start:end])
    yield from (f"+{line}" for line in new[begin:stop])
