"""What programs change by the API stands in the audit log, in the name of their key."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from newsletter.store import audit
from tests.web.api.conftest import GROUND, WORDING

if TYPE_CHECKING:
    from typing import Any

    from tests.web.api.conftest import Api

NIA = {"email": "nia@example.org", "lists": ["friends"], "first_name": "Nia"}


def logged(api: Api) -> list[dict[str, Any]]:
    """The facts of all entries, each of which is about a reader and by the key."""
    prefix = api.headers["Authorization"].split("_")[1]
    with api.mailing.store.read() as connection:
        found = [one for one in audit.entries(connection) if one.action == "subscriber-changed"]
    assert {one.actor for one in found} <= {f"api key {prefix}"}
    assert all(one.subject.startswith("subscriber ") for one in found)
    return [json.loads(one.facts) for one in found]


def test_what_a_program_changes_is_logged_in_the_name_of_its_key(api: Api) -> None:
    nia = api.post("/subscribers", NIA | {"ground": GROUND}).json()["id"]
    api.asks("PATCH", f"/subscribers/{nia}", {"first_name": "Nora"})
    api.post(f"/subscribers/{nia}/unsubscribe", {"lists": ["friends"]})
    assert logged(api) == [
        {"added": True, "changed": ["first_name"], "lists": {"friends": "subscribed"}},
        {"changed": ["first_name"]},
        {"left": ["friends"], "never_again": False},
    ]


def test_what_is_repeated_or_changes_nothing_is_not_logged_again(api: Api) -> None:
    for _ in range(2):
        api.post("/subscribers", NIA | {"ground": GROUND}, idempotency_key="one")
    api.post("/subscribers", NIA | {"ground": GROUND})
    assert len(logged(api)) == 1


def test_what_readers_ask_for_is_in_the_history_of_their_consent_and_not_in_the_log(api: Api) -> None:
    api.post("/subscribers", NIA | {"consent": {"wording": WORDING}})
    assert logged(api) == []
