"""Every feature of an issue's mails that many readers go without, whether it matters or is only nicer with it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsletter.check.clients.features import features_of
from newsletter.check.clients.support import TOLD_FROM, programs_in_words, support_of
from newsletter.check.page import read_page
from newsletter.model.rendered import Slot

if TYPE_CHECKING:
    from collections.abc import Iterable

    from newsletter.check.clients.support import Audience
    from newsletter.check.clients.table import ClientTable
    from newsletter.model.rendered import Rendered


@dataclass(frozen=True, kw_only=True)
class Degraded:
    """`matters` is what the rule `client-unsupported` tells; `names` are programs as caniemail.com calls them."""

    feature: str
    title: str
    uses: int
    without: float
    partly: float
    programs: str
    names: tuple[str, ...]
    matters: bool


def degraded(mails: Iterable[Rendered], table: ClientTable, readers: Audience) -> list[Degraded]:
    """The features that a tenth of the readers or more go without; what matters first, then by the share of readers."""
    used: Counter[str] = Counter()
    mattering: set[str] = set()
    for rendered in mails:
        html = "".join("x" if isinstance(part, Slot) else part for part in rendered.html)
        found = features_of(read_page(html), html)
        used.update(found.used)
        mattering |= {
            use.feature
            for use in found.uses
            if support_of(use.feature, table, readers, use.spared).without >= TOLD_FROM
        }
    rows = [_row(feature, uses, table, readers, matters=feature in mattering) for feature, uses in used.items()]
    told = [row for row in rows if row.without >= TOLD_FROM]
    return sorted(told, key=lambda row: (not row.matters, -row.without, row.feature))


def _row(feature: str, uses: int, table: ClientTable, readers: Audience, *, matters: bool) -> Degraded:
    support = support_of(feature, table, readers)
    return Degraded(
        feature=feature,
        title=table.titles.get(feature, feature),
        uses=uses,
        without=support.without,
        partly=support.partly,
        programs=programs_in_words(support.programs, readers),
        names=support.programs,
        matters=matters,
    )
