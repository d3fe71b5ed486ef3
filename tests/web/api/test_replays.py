"""Idempotency keys: whoever sends a request again gets its answer again, and it is done once. On both databases."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import settings as profile
from hypothesis import strategies as st
from sqlalchemy import func, select

from newsletter.keys import Keys
from newsletter.model.api_key import Scope
from newsletter.store import api_keys, api_replays
from newsletter.store import tables as t
from newsletter.store.people import lists
from newsletter.web.api import named
from newsletter.web.app import create_app
from tests.web.api.conftest import ATTRIBUTES, GROUND, WORDING
from tests.web.sample_mailing import NOW, client, settings

if TYPE_CHECKING:
    from newsletter.store.api_replays import Asked
    from newsletter.store.database import Store

JOIN = {"email": "new@example.org", "lists": ["friends"], "ground": GROUND}


class World:
    """An API on a store, and what is stored there."""

    def __init__(self, store: Store) -> None:
        self.store, self.now = store, NOW
        given_ = settings(attributes=ATTRIBUTES, web={"api_per_minute": 100_000})
        self.app = create_app(store, Keys(["a secret of the tests"]), given_, (), lambda: self.now)
        with store.write() as connection:
            lists.add(connection, "friends", "Friends", NOW)
            self.texts = [api_keys.add(connection, "website", Scope, NOW)[1] for _ in range(2)]
        self.client = client(self.app, raise_server_exceptions=False)

    def sends(self, body: Any, key: str | None, path: str = "/subscribers", who: int = 0) -> Any:
        headers = {"Authorization": f"Bearer {self.texts[who]}"} | ({"Idempotency-Key": key} if key else {})
        return self.client.post(f"/api/v1{path}", json=body, headers=headers)

    def count(self, table: Any) -> int:
        with self.store.read() as connection:
            return connection.scalar(select(func.count()).select_from(table)) or 0


@pytest.fixture
def world(store: Store) -> World:
    return World(store)


def test_the_same_request_is_done_once_and_answered_alike(world: World) -> None:
    first, second = world.sends(JOIN, "one"), world.sends(JOIN, "one")
    assert (first.status_code, first.content) == (second.status_code, second.content) == (201, first.content)
    assert "idempotency-replayed" not in first.headers
    assert second.headers["idempotency-replayed"] == "true"
    assert world.sends(JOIN, None).status_code == 200
    # another caller's keys are their own
    assert world.sends(JOIN, "one", who=1).status_code == 200


def test_a_mail_to_confirm_is_ordered_once(world: World) -> None:
    body = {"email": "new@example.org", "lists": ["friends"], "consent": {"wording": WORDING}}
    assert {world.sends(body, "one").status_code for _ in range(3)} == {202}
    assert world.count(t.notices) == 1
    assert world.sends(body, "two").json()["confirmation"] == "queued"
    assert world.count(t.notices) == 2
    assert [world.sends(body, None).json()["confirmation"] for _ in range(2)] == ["queued", "enough_today"]


def test_another_request_with_the_same_key_is_refused(world: World) -> None:
    person = world.sends(JOIN, "one").json()["id"]
    for body, path in ((JOIN | {"first_name": "A"}, "/subscribers"), (JOIN, f"/subscribers/{person}/unsubscribe")):
        refused = world.sends(body, "one", path)
        assert refused.status_code == 422
    assert world.sends(JOIN | {"first_name": "A"}, "one").json()["type"].endswith(":idempotency-key-reused")


def test_what_was_refused_changed_nothing_and_may_be_corrected(world: World) -> None:
    assert world.sends(JOIN | {"lists": ["strangers"]}, "one").status_code == 422
    assert world.sends(JOIN, "one").status_code == 201


def test_nobody_can_be_read_back_from_what_is_kept(world: World) -> None:
    world.sends(JOIN, "one")
    with world.store.read() as connection:
        row = connection.execute(select(t.api_replays)).one()
    assert "example.org" not in row.body
    assert "one" not in (row.key, row.request)


def test_a_crash_loses_both_or_neither(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: object) -> None:
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr(api_replays, "keep", crash)
        assert world.sends(JOIN, "one").status_code == 500
    assert world.count(t.subscribers) == 0
    assert world.sends(JOIN, "one").status_code == 201


def test_while_the_first_is_under_way_the_second_is_told_to_wait(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    person = world.sends(JOIN, None).json()["id"]
    path, body = f"/subscribers/{person}/unsubscribe", {"lists": ["friends"]}
    begun, may_end = threading.Event(), threading.Event()
    real = named.lists_named

    def slow(*given_: Any) -> Any:
        begun.set()
        assert may_end.wait(30)
        return real(*given_)

    monkeypatch.setattr("newsletter.web.api.leaving.lists_named", slow)
    answers: list[Any] = []
    first = threading.Thread(target=lambda: answers.append(world.sends(body, "one", path)))
    first.start()
    assert begun.wait(30)
    second = world.sends(body, "one", path)
    may_end.set()
    first.join(30)
    assert (second.status_code, second.headers["retry-after"]) == (409, "1")
    assert second.json()["type"].endswith(":under-way")
    third = world.sends(body, "one", path)
    assert (third.content, third.headers["idempotency-replayed"]) == (answers[0].content, "true")


def test_another_process_that_answers_the_same_request_is_noticed(world: World, backend: str) -> None:
    with world.store.read() as connection:
        [number, _] = connection.scalars(select(t.api_keys.c.number).order_by(t.api_keys.c.number))
    asked = api_replays.Asked.of(number, "one", "POST", "/subscribers", b"")
    with world.store.write() as connection:
        assert api_replays.hold(connection, asked)
        if backend == "postgresql":  # in SQLite the other one waits for the writer, and finds its answer
            assert world.sends(JOIN, "one").status_code == 409
            assert world.sends(JOIN, "two").status_code == 201
    assert world.sends(JOIN, "one").is_success


def test_answers_are_kept_for_a_day(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for key in "abc":
        world.sends(JOIN, key)
    world.now = NOW + timedelta(hours=23)
    assert "idempotency-replayed" in world.sends(JOIN, "a").headers
    world.sends(JOIN, "d")
    world.now = NOW + timedelta(hours=24)
    assert "idempotency-replayed" not in world.sends(JOIN, "a").headers
    monkeypatch.setattr(api_replays, "_BATCH", 1)
    pruned = []
    for _ in range(3):
        with world.store.write() as connection:
            pruned.append(api_replays.prune_replays(connection, world.now))
    assert pruned == [1, 1, 0]
    assert world.count(t.api_replays) == 2


STEPS = st.lists(
    st.tuples(st.sampled_from("abc"), st.sampled_from(["ada", "bob"]), st.sampled_from(["", "A", "B"])), max_size=12
)


def test_requests_in_any_order_are_each_done_once(world: World) -> None:
    runs = iter(range(10_000))

    @profile(max_examples=12)
    @given(STEPS)
    def run(steps: list[tuple[str, str, str]]) -> None:
        turn = next(runs)
        done: dict[str, tuple[object, bytes]] = {}
        names: dict[str, str] = {}
        for key, person, name in steps:
            body = JOIN | {"email": f"{person}{turn}@example.org"} | ({"first_name": name} if name else {})
            answer = world.sends(body, f"{key}{turn}")
            asked, before = done.get(key, (None, b""))
            if asked is None:
                assert answer.status_code == (200 if person in names else 201)
                names[person] = name or names.get(person, "")
                done[key] = (body, answer.content)
            elif asked == body:
                assert (answer.content, answer.headers["idempotency-replayed"]) == (before, "true")
            else:
                assert answer.status_code == 422
        for person, name in names.items():
            found = world.sends({"email": f"{person}{turn}@example.org"}, None, "/subscribers/search")
            assert found.json()["first_name"] == name

    run()


def test_a_request_is_told_by_all_of_it() -> None:
    def one(*parts: Any) -> Asked:
        return api_replays.Asked.of(*parts)

    given_ = [
        (1, "k", "POST", "/a", b"bc"),
        (1, "k", "POST", "/ab", b"c"),
        (1, "k", "PATCH", "/a", b"bc"),
        (1, "l", "POST", "/a", b"bc"),
    ]
    assert len({one(*parts).request for parts in given_}) == len(given_)
    assert len({one(*parts).key for parts in given_}) == 2
