"""Of several rows of one person the first counts, but for how they stand with the list: there the gravest no counts.

An export with a row for each list or event may say *subscribed* in one row and *unsubscribed* in the next.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from newsletter.model.importing import Row, Standing, mark_of

if TYPE_CHECKING:
    from collections.abc import Container, Mapping, Sequence

    LaidOut = Sequence[Any]

#: standings from a yes to the gravest no
_GRAVITY = {standing: place for place, standing in enumerate(Standing)}
#: of a row that is carried out for its standing alone
_KEPT = ("identity_hash", "line", "address", "mark", "joined_at", "left_at")


class StandingRows:
    """`layout` are the names of a row's fields in their order."""

    def __init__(self, layout: Sequence[str]) -> None:
        self._layout = layout
        self._mark = layout.index("mark") if "mark" in layout else None
        self._moments = [layout.index(name) for name in ("joined_at", "left_at") if name in layout]

    def settled(
        self, rows: Sequence[LaidOut], repeated: Mapping[int, LaidOut], earlier: Container[str]
    ) -> tuple[list[LaidOut], set[int]]:
        """`repeated` are some of the rows, by their lines.

        Returns the rows with what these say of their people's standing, and the lines of those that decided. Of people
        who were carried out `earlier` a row that says no is kept for that alone; other repeated rows stay among the
        rows, for the caller to take out.
        """
        if self._mark is None:
            return [*rows], set()
        gravest: dict[str, LaidOut] = {}
        for row in repeated.values():
            known = gravest.get(row[0])
            if known is None or self._gravity(row) > self._gravity(known):
                gravest[row[0]] = row
        decided: set[int] = set()
        changed: list[LaidOut] = []
        for row in rows:
            graver = gravest.get(row[0])
            if graver is None:
                changed.append(row)
            elif row is graver and row[0] in earlier and self._gravity(row) >= _GRAVITY[Standing.PENDING]:
                changed.append(self._for_its_standing(row))
                decided.add(row[1])
            elif row[1] not in repeated and self._gravity(graver) > self._gravity(row):
                changed.append(self._standing_as(row, graver))
                decided.add(graver[1])
            else:
                changed.append(row)
        return changed, decided

    def _gravity(self, row: LaidOut) -> int:
        return _GRAVITY[mark_of(row[self._mark or 0]).standing]

    def _standing_as(self, row: LaidOut, other: LaidOut) -> LaidOut:
        taken = {self._mark, *self._moments}
        return tuple(other[place] if place in taken else cell for place, cell in enumerate(row))

    def _for_its_standing(self, row: LaidOut) -> LaidOut:
        """Somebody who was subscribed by an earlier row is subscribed no longer, also where this one says *pending*."""
        cells = [
            cell if name in _KEPT else Row._field_defaults[name] for name, cell in zip(self._layout, row, strict=True)
        ]
        if self._mark is not None and cells[self._mark] == Standing.PENDING.value:
            cells[self._mark] = Standing.REFUSED.value
        return tuple(cells)
