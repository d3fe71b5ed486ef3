"""The API of the sample mailing's workspace, a client that has a key, and a clock that stands still."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from newsletter.model.api_key import Scope
from newsletter.store import api_keys
from tests.web.sample_mailing import NOW, client, copy_database, sample_mailing, settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from tests.web.sample_mailing import SampleMailing

ATTRIBUTES = {
    "city": {"type": "text"},
    "sport": {"type": "choice", "choices": ["running", "rowing"]},
    "age": {"type": "number"},
    "operated_on": {"type": "date"},
    "member": {"type": "yes-no"},
}
WORDING = "I want the letter of the clinic by mail."
GROUND = "Ticked the box on the paper form, 3 May 2026"


@dataclass
class Api:
    """`asks` answers with the response; whatever is sent is JSON."""

    mailing: SampleMailing
    client: Any
    headers: dict[str, str] = field(default_factory=dict)

    def asks(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        return self.client.request(
            method, f"/api/v1{path}", json=body, headers={**self.headers, **{_name(k): v for k, v in headers.items()}}
        )

    def get(self, path: str) -> Any:
        return self.asks("GET", path)

    def post(self, path: str, body: Any, **headers: str) -> Any:
        return self.asks("POST", path, body, **headers)

    def sends(self, content: bytes, path: str = "/subscribers", kind: str = "application/json") -> Any:
        return self.client.post(f"/api/v1{path}", content=content, headers={**self.headers, "Content-Type": kind})

    def id_of(self, address: str) -> str:
        found: str = self.post("/subscribers/search", {"email": address}).json()["id"]
        return found

    def with_key(self, *scopes: Scope) -> Api:
        return Api(self.mailing, self.client, {"Authorization": f"Bearer {new_key(self.mailing, scopes)}"})


def _name(argument: str) -> str:
    return argument.replace("_", "-")


def new_key(mailing: SampleMailing, scopes: Iterable[Scope] = Scope) -> str:
    with mailing.store.write() as connection:
        return api_keys.add(connection, "website", scopes, NOW)[1]


def api_at(folder: Path, database: Path, **sections: Any) -> Api:
    copy_database(database, folder)
    given = settings(**{"attributes": ATTRIBUTES, "web": {"api_per_minute": 100_000}, **sections})
    made = sample_mailing(folder, given=given)
    return Api(made, client(made.app)).with_key(*Scope)


@pytest.fixture
def api(tmp_path: Path, finished_database: Path) -> Iterator[Api]:
    made = api_at(tmp_path, finished_database)
    yield made
    made.mailing.store.close()
