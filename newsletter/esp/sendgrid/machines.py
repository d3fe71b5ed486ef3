"""Opens and clicks that no person made. What is in doubt counts as a person: a rate that is a little high misleads less
than readers who are not seen.

Three signs, each visible below: SendGrid's own mark of Apple's prefetching, programs that say what they are, and more
links of one mail followed within the same second than any hand can.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING

from newsletter.model.event import EventKind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from newsletter.model.event import Event

#: programs that fetch what a mail shows or links to before, or without, anybody reading it. Gmail's and Yahoo's image
#: proxies are not here: they fetch when a person opens the mail
PROGRAMS = re.compile(
    r"bot\b|crawl|spider|scanner|preview|prefetch|monitor|"
    r"barracuda|mimecast|proofpoint|symantec|fireeye|trend ?micro|sophos|forcepoint|cloudmark|zscaler|messagelabs|"
    r"microsoft office protocol discovery|ms-office-protected|safelinks|"
    r"python-requests|python-urllib|aiohttp|curl/|wget/|go-http-client|okhttp|java/|libwww|apache-httpclient|node-fetch|axios|"
    r"headlesschrome|phantomjs",
    re.IGNORECASE,
)
#: so many different links of one mail within one second
LINKS_AT_ONCE = 3
#: more of what a program says of itself is not looked at
_LONGEST = 500


def is_machine(agent: object, marked: object) -> bool:
    """By what the program says of itself, and by SendGrid's mark (`sg_machine_open`)."""
    if marked is True or marked == "true":
        return True
    return isinstance(agent, str) and _is_program(agent[:_LONGEST])


@lru_cache(maxsize=4096)
def _is_program(agent: str) -> bool:
    return PROGRAMS.search(agent) is not None


def with_scanners(events: Sequence[Event]) -> tuple[Event, ...]:
    """The same, with the clicks of who followed many links at once marked."""
    links: dict[tuple[str, int | None, datetime], set[str]] = defaultdict(set)
    for event in events:
        if event.kind is EventKind.CLICKED:
            links[event.attempt, event.n, event.at].add(event.url)
    at_once = {key for key, urls in links.items() if len(urls) >= LINKS_AT_ONCE}
    if not at_once:
        return tuple(events)
    return tuple(
        event._replace(machine=True)
        if event.kind is EventKind.CLICKED and (event.attempt, event.n, event.at) in at_once
        else event
        for event in events
    )
