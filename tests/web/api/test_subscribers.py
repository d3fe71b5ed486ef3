"""Joining, finding, changing and leaving by the API."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from newsletter.model.subscriber import ConsentSource
from newsletter.store import tables as t
from newsletter.store.people import finding, lists, subscribers
from tests.web.api.conftest import GROUND, WORDING, api_at
from tests.web.sample_mailing import NOW

if TYPE_CHECKING:
    from pathlib import Path

    from newsletter.model.subscriber import ConsentRecord
    from tests.web.api.conftest import Api

NEW = {"email": "New@example.org", "lists": ["friends", "runners"], "first_name": "Nia", "language": "de"}
CONSENT = {"wording": WORDING, "ip": "203.0.113.9", "user_agent": "A browser"}


def history(api: Api, public_id: str) -> tuple[ConsentRecord, ...]:
    with api.mailing.store.read() as connection:
        person = finding.by_public_id(connection, public_id)
        assert person
        return subscribers.history_of(connection, person.number)


def notices_of(api: Api) -> list[Any]:
    with api.mailing.store.read() as connection:
        return [*connection.execute(select(t.notices.c.kind, t.notices.c.address, t.notices.c.about))]


def test_who_asks_by_a_website_has_to_confirm_it_by_mail(api: Api) -> None:
    answer = api.post("/subscribers", NEW | {"consent": CONSENT, "attributes": {"city": "Leeds", "age": 40}})
    told = answer.json()
    assert answer.status_code == 202
    assert told["lists"] == [{"list": name, "status": "pending", "action": "asked"} for name in ("friends", "runners")]
    assert (told["created"], told["confirmation"]) == (True, "queued")
    assert "example.org" not in answer.text
    [(kind, address, about)] = notices_of(api)
    assert (kind, address, len(about["requests"])) == ("confirmation", "New@example.org", 2)
    person = api.get(f"/subscribers/{told['id']}").json()
    assert (person["first_name"], person["language"]) == ("Nia", "de")
    assert person["attributes"] == {"city": "Leeds", "age": 40}
    events = history(api, told["id"])
    # where they came from is kept only where the settings allow it
    assert {(one.wording, one.source, one.ip, one.user_agent) for one in events} == {
        (WORDING, ConsentSource.PAGE, "", "")
    }


def test_what_is_known_of_somebody_is_not_overwritten_by_who_only_asks(api: Api) -> None:
    before = api.get(f"/subscribers/{api.id_of('ada@example.org')}").json()
    wanted = {"email": "ADA@example.org", "lists": ["friends"], "consent": {"wording": WORDING}}
    answer = api.post("/subscribers", wanted | {"first_name": "Eve", "attributes": {"city": "Hell"}})
    assert (answer.status_code, answer.json()["lists"][0]["action"]) == (200, "none")
    assert api.get(f"/subscribers/{before['id']}").json() == before
    assert [kind for kind, _, _ in notices_of(api)] == ["known"]


def test_on_the_word_of_staff_somebody_is_subscribed_at_once(api: Api) -> None:
    day = NOW - timedelta(days=400)
    consent = {"wording": WORDING, "at": day.isoformat()}
    answer = api.post("/subscribers", NEW | {"ground": GROUND, "consent": consent, "attributes": {"member": True}})
    told = answer.json()
    assert (answer.status_code, {one["status"] for one in told["lists"]}) == (201, {"subscribed"})
    assert not notices_of(api)
    [event, _] = history(api, told["id"])
    assert (event.ground, event.wording, event.source, event.at) == (GROUND, WORDING, ConsentSource.BY_HAND, day)
    again = api.post("/subscribers", NEW | {"ground": GROUND, "first_name": "Nora"})
    assert (again.status_code, again.json()["id"]) == (200, told["id"])
    assert {one["action"] for one in again.json()["lists"]} == {"none"}
    person = api.get(f"/subscribers/{told['id']}").json()
    assert (person["first_name"], person["attributes"]) == ("Nora", {"member": True})


def test_a_ground_does_not_bring_back_who_left_but_a_confirmation_may(api: Api) -> None:
    ada = api.id_of("ada@example.org")
    api.post(f"/subscribers/{ada}/unsubscribe", {"lists": ["friends"]})
    wanted = {"email": "ada@example.org", "lists": ["runners", "friends"]}
    refused = api.post("/subscribers", wanted | {"ground": GROUND, "first_name": "Eve"})
    assert (refused.status_code, refused.json()["list"]) == (409, "friends")
    asked = api.post("/subscribers", wanted | {"consent": CONSENT})
    assert asked.status_code == 202
    assert [(one["status"], one["action"]) for one in asked.json()["lists"]] == [
        ("subscribed", "none"),
        ("unsubscribed", "asked"),
    ]
    assert api.get(f"/subscribers/{ada}").json()["first_name"] == "Ada"


@pytest.mark.parametrize("how", [{"consent": CONSENT}, {"ground": GROUND}])
def test_nobody_who_is_never_mailed_comes_in(api: Api, how: dict[str, Any]) -> None:
    ada = api.id_of("ada@example.org")
    api.post(f"/subscribers/{ada}/unsubscribe", {"everything": True})
    before = api.mailing.rows("consent_events", "subscriptions", "notices")
    refused = api.post("/subscribers", {"email": "ada@example.org", "lists": ["friends"]} | how)
    assert (refused.status_code, refused.json()["reason"]) == (409, "left everything")
    assert refused.json()["type"].endswith(":suppressed")
    assert api.mailing.rows("consent_events", "subscriptions", "notices") == before


@pytest.mark.parametrize("how", [{"consent": CONSENT}, {"ground": GROUND}])
def test_an_archived_list_takes_nobody_in_and_then_nothing_is_changed(api: Api, how: dict[str, Any]) -> None:
    from dataclasses import replace

    with api.mailing.store.write() as connection:
        [runners] = [one for one in lists.every(connection) if one.name == "runners"]
        lists.change(connection, replace(runners, archived_at=NOW))
    before = api.mailing.rows("subscribers", "consent_events", "notices")
    refused = api.post("/subscribers", NEW | how)
    assert (refused.status_code, refused.json()["list"]) == (409, "runners")
    assert api.mailing.rows("subscribers", "consent_events", "notices") == before


def test_somebody_is_found_by_address_and_by_id(api: Api) -> None:
    found = api.post("/subscribers/search", {"email": "ADA@Example.org"})
    person = found.json()
    assert person["email"] == "ada@example.org"
    assert person["lists"] == {"friends": "subscribed", "runners": "subscribed", "staff": "subscribed"}
    assert api.get(f"/subscribers/{person['id']}").json() == person
    assert api.post("/subscribers/search", {"email": "nobody@example.org"}).status_code == 404


def test_subscribers_come_page_by_page_each_once(api: Api) -> None:
    seen: list[str] = []
    path, query = "/subscribers?limit=1&list=runners&status=subscribed", ""
    while True:
        page = api.get(path + query).json()
        seen += [person["email"] for person in page["subscribers"]]
        if page["next"] is None:
            break
        query = f"&after={page['next']}"
    assert seen == ["ada@example.org", "jörg@example.org", "inés@example.org"]
    assert len(api.get("/subscribers").json()["subscribers"]) == 4


def test_what_is_named_is_changed_and_null_removes(api: Api) -> None:
    ada = api.id_of("ada@example.org")
    changes = {
        "first_name": None,
        "last_name": " Byron ",
        "timezone": "Europe/London",
        "attributes": {"city": None, "age": 36},
    }
    answer = api.asks("PATCH", f"/subscribers/{ada}", changes)
    assert answer.json() == {
        "id": ada,
        "changed": ["first_name", "last_name", "timezone", "attributes.age", "attributes.city"],
    }
    person = api.get(f"/subscribers/{ada}").json()
    assert (person["first_name"], person["last_name"], person["attributes"]) == ("", "Byron", {"age": 36})
    assert api.asks("PATCH", f"/subscribers/{ada}", changes).json()["changed"] == []
    assert api.asks("PATCH", "/subscribers/nobody", changes).status_code == 404


def test_who_asks_to_leave_leaves_and_a_second_time_changes_nothing(api: Api) -> None:
    ada = api.id_of("ada@example.org")
    path, body = f"/subscribers/{ada}/unsubscribe", {"lists": ["friends"], "reason": "On the phone"}
    left = api.post(path, body).json()
    assert left["lists"] == [{"list": "friends", "status": "unsubscribed", "action": "left"}]
    assert not left["suppressed"]
    assert api.post(path, body).json()["lists"][0]["action"] == "none"
    [event] = history(api, ada)
    assert (event.source, event.ground) == (ConsentSource.BY_HAND, "On the phone")
    everything = api.post(path, {"everything": True}).json()
    assert everything["suppressed"]
    assert {one["list"]: one["action"] for one in everything["lists"]} == {
        "friends": "none",
        "runners": "left",
        "staff": "left",
    }
    assert api.get(f"/subscribers/{ada}").json()["suppressed"] == "left everything"
    for unclear in ({}, {"lists": ["friends"], "everything": True}, {"everything": False}):
        assert api.post(path, unclear).status_code == 422


def test_where_they_came_from_is_kept_where_the_settings_say_so(tmp_path: Path, finished_database: Path) -> None:
    api = api_at(tmp_path, finished_database, consent={"keep_ip": True, "keep_user_agent": True})
    told = api.post("/subscribers", NEW | {"consent": CONSENT}).json()
    assert {(one.ip, one.user_agent) for one in history(api, told["id"])} == {("203.0.113.9", "A browser")}
    api.mailing.store.close()
