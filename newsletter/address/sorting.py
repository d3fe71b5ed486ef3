"""How readers are sorted into the variants of an issue: the names of its blocks looked up among segments and lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.address.conditions import conditions
from newsletter.errors import AudienceNotFound
from newsletter.model.segment import Sorting
from newsletter.validate import nearest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from newsletter.model.rendered import Rendered
    from newsletter.model.subscriber import MailingList
    from newsletter.settings.schema import Segment


def sorting(
    variants: Sequence[Rendered],
    segments: Mapping[str, Segment],
    lists: Sequence[MailingList],
    *,
    zone: ZoneInfo,
    now: datetime,
) -> Sorting:
    """Who gets which variant. A name that is both is the segment.

    Raises:
        AudienceNotFound: a name is neither; with the nearest known one.
        SegmentUnusable: a segment that is named asks for a list that is not there.
    """
    by_membership = {frozenset(members): one.variant for one in variants for members in one.readers}
    names = sorted(frozenset().union(*by_membership))
    known = conditions(segments, lists, zone=zone, now=now)
    for name in names:
        if name not in known:
            raise AudienceNotFound(name, nearest(name, sorted(known)))
    return Sorting(conditions={name: known[name] for name in names}, variants=by_membership)
