"""Who gets in, to what, and how often."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest  # noqa: TC002

from newsletter.model.api_key import Scope
from newsletter.web.api import rates
from tests.web.api.conftest import GROUND, Api, api_at

if TYPE_CHECKING:
    from pathlib import Path

LEAVE = {"everything": True}
JOIN = {"email": "new@example.org", "lists": ["friends"], "ground": GROUND}
#: what takes which scope
OPERATIONS: tuple[tuple[Scope, str, str, Any], ...] = (
    (Scope.SUBSCRIBERS_WRITE, "POST", "/subscribers", JOIN),
    (Scope.SUBSCRIBERS_WRITE, "PATCH", "/subscribers/{id}", {"first_name": "A"}),
    (Scope.SUBSCRIBERS_READ, "GET", "/subscribers", None),
    (Scope.SUBSCRIBERS_READ, "GET", "/subscribers/{id}", None),
    (Scope.SUBSCRIBERS_READ, "POST", "/subscribers/search", {"email": "ada@example.org"}),
    (Scope.SUBSCRIBERS_WRITE, "POST", "/subscribers/{id}/unsubscribe", LEAVE),
    (Scope.LISTS_READ, "GET", "/lists", None),
    (Scope.LISTS_READ, "GET", "/lists/friends", None),
    (Scope.AUDIENCE_READ, "POST", "/audiences/count", {"to": ["friends"]}),
    (Scope.MAILINGS_READ, "GET", "/mailings", None),
    (Scope.MAILINGS_READ, "GET", "/mailings/1", None),
)


def test_each_operation_takes_its_scope_and_no_other(api: Api) -> None:
    ada = api.id_of("ada@example.org")
    others = {scope: api.with_key(*(one for one in Scope if one is not scope)) for scope in Scope}
    only = {scope: api.with_key(scope) for scope in Scope}
    for scope, method, path, body in OPERATIONS:
        refused = others[scope].asks(method, path.format(id=ada), body)
        assert (refused.status_code, refused.json()["scope"]) == (403, scope), path
        assert only[scope].asks(method, path.format(id=ada), body).is_success, path


def test_whatever_is_wrong_with_a_key_the_answer_is_the_same(api: Api) -> None:
    good = api.headers["Authorization"]
    wrong = [
        "",
        "Bearer",
        "Bearer nlk_x",
        f"{good}x",
        good.replace("Bearer", "Basic"),
        good[:-1] + "!",
        "Bearer " + "x" * 5000,
    ]
    answers = {
        (one.status_code, one.headers["www-authenticate"], one.content)
        for one in (api.client.get("/api/v1/lists", headers={"Authorization": text}) for text in wrong)
    }
    [(status, challenge, _)] = answers
    assert (status, challenge.split()[0]) == (401, "Bearer")


def test_nobody_without_a_key_makes_us_read_a_body(api: Api) -> None:
    def never() -> Any:
        yield 1 / 0

    answer = api.client.post("/api/v1/subscribers", content=never(), headers={"Content-Type": "application/json"})
    assert answer.status_code == 401


def test_a_key_has_so_many_requests_a_minute(tmp_path: Path, finished_database: Path) -> None:
    api = api_at(tmp_path, finished_database, web={"api_per_minute": 3})
    answers = [api.get("/lists") for _ in range(4)]
    assert [one.status_code for one in answers] == [200, 200, 200, 429]
    assert [one.headers["ratelimit"].split(";")[1] for one in answers] == ["r=2", "r=1", "r=0", "r=0"]
    assert answers[0].headers["ratelimit-policy"] == '"key";q=3;w=60'
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 60
    assert api.with_key(Scope.LISTS_READ).get("/lists").status_code == 200  # another key has its own
    api.mailing.store.close()


def test_wrong_keys_from_one_address_are_slowed_down_and_right_ones_are_not(
    tmp_path: Path, finished_database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rates, "MOST_FAILURES", 2)
    api = api_at(tmp_path, finished_database)
    nobody = Api(api.mailing, api.client)
    nobody.client = type(api.client)(api.mailing.app, client=("203.0.113.9", 4000))
    answers = [nobody.get("/lists") for _ in range(3)]
    assert [one.status_code for one in answers] == [401, 401, 429]
    assert "retry-after" in answers[-1].headers
    nobody.headers = api.headers
    assert nobody.get("/lists").status_code == 200
    api.mailing.store.close()


def test_the_description_is_there_for_everybody_and_complete(api: Api) -> None:
    answer = api.client.get("/api/v1/openapi.json")
    told = answer.json()
    assert told["openapi"].startswith("3.1")
    assert told["servers"] == [{"url": "https://news.example.org/api/v1"}]
    operations = [(path, method, one) for path, methods in told["paths"].items() for method, one in methods.items()]
    assert len(operations) == len(OPERATIONS)
    for path, _method, operation in operations:
        [needed] = operation["security"]
        assert needed.keys() == told["components"]["securitySchemes"].keys()
        assert {"401", "403", "405", "429", "500", "503"} <= operation["responses"].keys(), path
        bodies = [operation.get("requestBody"), *operation["responses"].values()]
        for content in (body["content"] for body in bodies if body):
            assert all(one["examples"] for one in content.values()), path


def test_it_works_below_the_path_of_base_url_as_well(tmp_path: Path, finished_database: Path) -> None:
    base = "https://example.org/news"
    api = api_at(tmp_path, finished_database, newsletter={"name": "News", "base_url": base, "language": "en"})
    for prefix in ("", "/news"):
        answer = api.client.get(f"{prefix}/api/v1/lists", headers=api.headers)
        assert answer.status_code == 200
        assert api.client.delete(f"{prefix}/api/v1/lists").headers["allow"] == "GET"
    assert api.client.get("/api/v1/openapi.json").json()["servers"] == [{"url": f"{base}/api/v1"}]
    # the same request, whether a proxy strips the path or not
    body = {"email": "new@example.org", "lists": ["friends"], "ground": GROUND}
    headers = {**api.headers, "Idempotency-Key": "one"}
    first = api.client.post("/api/v1/subscribers", json=body, headers=headers)
    second = api.client.post("/news/api/v1/subscribers", json=body, headers=headers)
    assert (first.status_code, second.headers.get("idempotency-replayed")) == (201, "true")
    api.mailing.store.close()
