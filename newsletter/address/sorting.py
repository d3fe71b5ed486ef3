"""How readers are sorted into the variants of an issue: the names of its blocks looked up among segments and lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.errors import AudienceNotFound
from newsletter.model.segment import AttributeEquals, OnList, Sorting
from newsletter.validate import nearest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from newsletter.model.rendered import Rendered
    from newsletter.model.segment import Condition
    from newsletter.model.subscriber import MailingList
    from newsletter.settings.schema import Segment


def sorting(variants: Sequence[Rendered], segments: Mapping[str, Segment], lists: Sequence[MailingList]) -> Sorting:
    """Who gets which variant. A name that is both is the segment.

    Raises:
        AudienceNotFound: a name is neither; with the nearest known one.
    """
    by_membership = {frozenset(members): one.variant for one in variants for members in one.readers}
    names = sorted(frozenset().union(*by_membership))
    known: dict[str, Condition] = {entry.name: OnList(list=entry.number) for entry in lists}
    for name, segment in segments.items():
        known[name] = AttributeEquals(attribute=segment.attribute, value=segment.equals)
    for name in names:
        if name not in known:
            raise AudienceNotFound(name, nearest(name, sorted(known)))
    return Sorting(conditions={name: known[name] for name in names}, variants=by_membership)
