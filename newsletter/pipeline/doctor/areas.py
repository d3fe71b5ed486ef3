"""All areas, in the order in which trouble is best put right."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from newsletter.pipeline.doctor import (
    clock,
    cron,
    database,
    disk,
    dns,
    pages,
    provider,
    rights,
    settings,
    templates,
    work,
)
from newsletter.pipeline.doctor.finding import Findings

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from newsletter.pipeline.doctor.finding import Finding
    from newsletter.pipeline.doctor.look import Look

_log = logging.getLogger(__name__)

#: what `--only` names -> how people read it
TITLES: Mapping[str, str] = {
    settings.AREA: "Settings",
    database.AREA: "Database",
    rights.AREA: "Who can read the files",
    disk.AREA: "Disk",
    clock.AREA: "Clock",
    templates.AREA: "Templates",
    provider.AREA: "Provider",
    dns.AREA: "DNS of the sender",
    pages.AREA: "Readers' pages",
    cron.AREA: "Cron",
    work.AREA: "Waiting work",
}
_EXAMINE: Mapping[str, Callable[[Look], Iterable[Finding]]] = {
    settings.AREA: settings.findings,
    database.AREA: database.findings,
    rights.AREA: rights.findings,
    disk.AREA: disk.findings,
    clock.AREA: clock.findings,
    templates.AREA: templates.findings,
    provider.AREA: provider.findings,
    dns.AREA: dns.findings,
    pages.AREA: pages.findings,
    cron.AREA: cron.findings,
    work.AREA: work.findings,
}


def examine(look: Look, only: Collection[str] = ()) -> Iterator[Finding]:
    """One area after the other; one that fails says so, and the others are looked at all the same."""
    for area, findings in _EXAMINE.items():
        if only and area not in only:
            continue
        try:
            yield from findings(look)
        except Exception as why:  # noqa: BLE001 - a look at what is broken breaks in ways that nobody foresaw
            _log.info("doctor: %s failed", area, exc_info=True)
            yield Findings(area).unseen(
                "area-failed",
                f"the rest of this could not be looked at ({type(why).__name__})",
                "Put right what else is found, and look again.",
            )
