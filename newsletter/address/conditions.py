"""What names stand for: segments of newsletter.toml and lists of the database -> condition trees."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from newsletter.errors import SegmentUnusable
from newsletter.model.segment import Condition, OnList
from newsletter.model.segment_lists import lists_named
from newsletter.settings.segment_trees import Trees
from newsletter.validate import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from newsletter.model.subscriber import MailingList
    from newsletter.settings.schema import Segment

__all__ = ["conditions", "lists_named"]


def conditions(
    segments: Mapping[str, Segment], lists: Sequence[MailingList], *, zone: ZoneInfo, now: datetime
) -> Mapping[str, Condition]:
    """Name -> condition, for all segments and lists; a name that is both is the segment.

    A condition is made when it is asked for, so a segment that cannot be used stops only who uses it. A name that is
    neither is a KeyError, as in every mapping.

    Raises:
        SegmentUnusable: when the condition is asked for, and its segment names a list that is not there.
    """
    return _Conditions(segments, lists, zone, now)


class _Conditions(Mapping[str, Condition]):
    def __init__(
        self, segments: Mapping[str, Segment], lists: Sequence[MailingList], zone: ZoneInfo, now: datetime
    ) -> None:
        self._segments = segments
        self._lists = {entry.name: entry.number for entry in lists}
        self._zone, self._now = zone, now

    def __getitem__(self, name: str) -> Condition:
        if name not in self._segments:
            return OnList(list=self._lists[name])

        def number_of(wanted: str) -> int:
            if wanted not in self._lists:
                raise SegmentUnusable(name, wanted, nearest(wanted, self._lists))
            return self._lists[wanted]

        trees = Trees(segments=self._segments, number_of=number_of, zone=self._zone, now=self._now)
        return trees.of(self._segments[name])

    def __contains__(self, name: object) -> bool:
        return name in self._segments or name in self._lists

    def __iter__(self) -> Iterator[str]:
        yield from dict.fromkeys((*self._segments, *self._lists))

    def __len__(self) -> int:
        return len(self._segments.keys() | self._lists.keys())
