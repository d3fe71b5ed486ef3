"""Do readers' links work, and one click to leave? Seen from outside; nothing is changed."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from newsletter.keys import PROBE
from newsletter.pipeline.doctor.database import is_current
from newsletter.pipeline.doctor.finding import Findings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from newsletter.pipeline.doctor.finding import Finding
    from newsletter.pipeline.doctor.look import Look
    from newsletter.store.database import Store

AREA = "pages"
_say = Findings(AREA)


def findings(look: Look) -> Iterator[Finding]:
    if not look.reaches_people and AREA not in look.named:
        yield _say.unseen("pages-unneeded", "nothing is sent to people yet (esp.name)", f"To look: --only {AREA}")
        return
    if look.requests is None:
        yield _say.unseen("pages-unseen", "newsletter.base_url: --offline")
        return
    if look.keys is None:
        yield _say.unseen("pages-no-secret", "newsletter.base_url: there is no secret to ask it with")
        return
    from newsletter.probe.pages import Pages

    base_url = look.workspace.settings.newsletter.base_url
    pages = Pages(base_url=base_url, requests=look.requests)
    mark: Callable[[], str] | None = None
    if look.store and is_current(look.store):
        mark = partial(_mark, look.store)
    found = pages.refusals(look.keys.token(PROBE), (), mark)
    for refusal in found:
        yield _say.wrong("pages-fail", refusal.why, refusal.next_step)
    if not found:
        yield _say.ok("pages-answer", f"{base_url} answers, and one click to leave is heard (RFC 8058)")


def _mark(store: Store) -> str:
    from newsletter.store.mark import mark_of

    with store.read() as connection:
        return mark_of(connection)
