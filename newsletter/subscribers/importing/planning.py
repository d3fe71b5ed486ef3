"""What becomes of many rows at once: the usual ones without a look at each field, the rest by deciding.py.

New people, and known ones of whom the file says nothing new, are nearly all rows of nearly all files. For them the rules
of deciding.py come to something simple; a test holds the two together.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from newsletter.model.import_plan import Joined, Move, Plan, Suppress
from newsletter.model.importing import Standing, mark_of, moment_text, person_of
from newsletter.model.subscriber import SubscriptionStatus
from newsletter.subscribers.importing.deciding import SAY_NO, decide, missing, moving, suppressing

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from newsletter.model.import_plan import Found
    from newsletter.model.importing import Decision, Orders, Row
    from newsletter.model.subscriber import SuppressionReason
    from newsletter.subscribers.importing.ports import Looked

    PublicIdsOf = Callable[[int], Sequence[str]]

_NO_TAGS: frozenset[str] = frozenset()


class Planner:
    """Plans for one table, batch by batch. `source` is where suppressions come from that it tells."""

    def __init__(self, orders: Orders, source: str) -> None:
        self._orders = orders
        self._source = source
        self._now = moment_text(orders.now)

        @lru_cache
        def moves(mark: str, status: SubscriptionStatus | None) -> SubscriptionStatus | None:
            return moving(mark_of(mark), status, orders)

        self._moves = moves

    def plan(self, rows: Sequence[Row], looked: Looked, public_ids: PublicIdsOf) -> Plan:
        """`public_ids` makes so many, in the order in which the rows are."""
        plan = Plan(source=self._source)
        known = {one.place: one for one in looked.found}
        for place, reason in looked.suppressed.items():
            self._suppress(rows[place], reason, known.pop(place, None), plan)
        self._known(rows, [*known.values()], looked, plan)
        heard_of = known.keys() | looked.suppressed.keys()
        new = [row for place, row in enumerate(rows) if place not in heard_of] if heard_of else rows
        self._new(new, public_ids, plan)
        return plan

    def _new(self, rows: Sequence[Row], public_ids: PublicIdsOf, plan: Plan) -> None:
        marks = {row.mark for row in rows}
        if any(_suppresses(mark) for mark in marks):
            for row in rows:
                if _suppresses(row.mark):
                    self._suppress(row, None, None, plan)
            rows = [row for row in rows if not _suppresses(row.mark)]
        numbered = [*zip(rows, public_ids(len(rows)), strict=True)]
        for status in {self._moves(mark, None) for mark in marks if not _suppresses(mark)}:
            if status is None:  # everybody new comes to stand somehow with the list
                continue
            theirs = (
                [new for new in numbered if self._moves(new[0].mark, None) is status] if len(marks) > 1 else numbered
            )
            plan.new[status] = theirs
            plan.counts.added += len(theirs)
            plan.counts.count_move(None, status, len(theirs))

    def _known(self, rows: Sequence[Row], found: Sequence[Found], looked: Looked, plan: Plan) -> None:
        """People who are not suppressed; those whose rows and subscriptions say the same are dealt with together."""
        differing = looked.differing(found) if found else set()
        tagged = [one.number for one in found if self._orders.tags or rows[one.place].tags]
        tags = looked.tags(tagged) if tagged else {}
        alike: dict[tuple[str, SubscriptionStatus | None], list[Found]] = {}
        for one in found:
            alike.setdefault((rows[one.place].mark, one.status), []).append(one)
        closer: list[Found] = []
        for (mark, status), theirs in alike.items():
            if _suppresses(mark):
                for one in theirs:
                    self._suppress(rows[one.place], None, one, plan)
            elif _may_have_rejoined(mark, status):
                closer += theirs
            else:
                closer += [one for one in theirs if one.place in differing]
                same = [one for one in theirs if one.place not in differing] if differing else theirs
                self._alike(rows, same, self._moves(mark, status), tags, plan)
        known = looked.closer(closer) if closer else {}
        for one in closer:
            what = replace(known[one.place], tags=tags.get(one.number, _NO_TAGS))
            self._take(decide(person_of(rows[one.place]), what, self._orders), rows[one.place], one.number, plan)

    def _alike(
        self,
        rows: Sequence[Row],
        found: Sequence[Found],
        moves: SubscriptionStatus | None,
        tags: Mapping[int, frozenset[str]],
        plan: Plan,
    ) -> None:
        """People of whom nothing changes but the subscription, and tags."""
        if not found:
            return
        updated = set()
        if moves:
            plan.moves.setdefault(moves, []).extend(self._move(rows[one.place], one.number, moves) for one in found)
            updated = {one.number for one in found}
        if self._orders.tags or any(rows[one.place].tags for one in found):
            for one in found:
                for tag in missing((*rows[one.place].tags, *self._orders.tags), tags.get(one.number, _NO_TAGS)):
                    plan.tags.setdefault(tag, []).append(one.number)
                    updated.add(one.number)
        plan.counts.updated += len(updated)
        plan.counts.unchanged += len(found) - len(updated)
        plan.counts.count_move(found[0].status, moves, len(found))

    def _take(self, decision: Decision, row: Row, number: int, plan: Plan) -> None:
        if decision.changed:
            plan.changed.append(decision.changed)
        if decision.joined_at:
            plan.joined.append(Joined(number, decision.joined_at))
        if decision.moves:
            plan.moves.setdefault(decision.moves, []).append(self._move(row, number, decision.moves))
        for tag in decision.tags:
            plan.tags.setdefault(tag, []).append(number)
        plan.counts.count(decision)

    def _move(self, row: Row, number: int, status: SubscriptionStatus) -> Move:
        at = row.left_at if status is SubscriptionStatus.UNSUBSCRIBED else row.joined_at
        return Move(number, at or self._now, row.ip)

    def _suppress(self, row: Row, before: SuppressionReason | None, found: Found | None, plan: Plan) -> None:
        """Of somebody who is not to be mailed, before or by this row."""
        plan.counts.suppressed += 1
        plan.counts.newly_suppressed += before is None
        if reason := suppressing(mark_of(row.mark), before):
            stands = found is not None and found.status in _STANDS
            plan.suppress.append(Suppress(row, reason, found.number if found and stands else 0))


_STANDS = frozenset({SubscriptionStatus.PENDING, SubscriptionStatus.SUBSCRIBED})


def _suppresses(mark: str) -> bool:
    return mark_of(mark).standing is Standing.SUPPRESSED


def _may_have_rejoined(mark: str, status: SubscriptionStatus | None) -> bool:
    return status is SubscriptionStatus.SUBSCRIBED and mark_of(mark).standing in SAY_NO
