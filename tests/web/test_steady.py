"""How long an answer took must not tell what was found: pages that anybody can ask about anybody answer to a beat."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import anyio
import pytest

from newsletter.web.app import create_app
from tests.web.hostile_site import FROM_OUR_PAGE, roomy
from tests.web.joining_site import JoiningSite
from tests.web.sample_mailing import client

if TYPE_CHECKING:
    from newsletter.store.database import Store

BEAT = 0.25


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    found: list[float] = []

    async def sleep(seconds: float) -> None:
        found.append(seconds)

    monkeypatch.setattr(anyio, "sleep", sleep)
    return found


@pytest.mark.parametrize("path", ["/subscribe", "/links"])
def test_known_unknown_and_suppressed_addresses_are_answered_at_a_beat(
    quick_store: Store, waits: list[float], path: str
) -> None:
    site = JoiningSite(quick_store, settings=roomy())
    site.subscribed("known@example.org", site.list_("news"))
    site.suppress("gone@example.org")
    web: Any = client(create_app(quick_store, site.keys, site.settings, (), lambda: site.now, beat=BEAT))
    for name in ("known", "new", "gone"):
        data = {"email": f"{name}@example.org", "list": "news"}
        assert web.post(path, data=data, headers=FROM_OUR_PAGE).status_code == 200
    assert len(waits) == 3
    assert all(0 < seconds <= BEAT for seconds in waits)


def test_other_pages_wait_for_nothing(quick_store: Store, waits: list[float]) -> None:
    site = JoiningSite(quick_store, settings=roomy())
    web: Any = client(create_app(quick_store, site.keys, site.settings, (), lambda: site.now, beat=BEAT))
    web.get("/subscribe")
    web.post(f"/u/{'A' * 32}", data={"List-Unsubscribe": "One-Click"})
    assert waits == []
