"""schemathesis against the description: whatever it makes up, no 500, and only answers that are described."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest
import schemathesis
from hypothesis import HealthCheck
from schemathesis import GenerationMode
from schemathesis.config import SchemathesisConfig

from newsletter.web.api import rates
from tests.web.api.conftest import api_at

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from schemathesis import Case

    from tests.web.api.conftest import Api

OPERATIONS = (
    "subscribe",
    "list_subscribers",
    "find_subscriber",
    "get_subscriber",
    "change_subscriber",
    "unsubscribe",
    "list_lists",
    "get_list",
    "count_audience",
    "list_mailings",
    "get_mailing",
)
#: lists, attributes and languages are not described value by value, so what fits the description may be refused by 422
_CONFIG = {"checks": {"positive_data_acceptance": {"expected-statuses": ["2xx", "404", "409", "422"]}}}
EXAMPLES = 8


@pytest.fixture(scope="module")
def world(finished_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            rates, "MOST_FAILURES", 100_000
        )  # schemathesis tries every operation without a key, again and again
        made = api_at(tmp_path_factory.mktemp("api"), finished_database)
    yield made
    made.mailing.store.close()


@pytest.fixture(scope="module")
def described(world: Api) -> Any:
    """As it is, but with values that there are: else nearly everything would be refused for its list."""
    told = copy.deepcopy(world.client.get("/api/v1/openapi.json").json())
    shapes = told["components"]["schemas"]
    for shape in ("NewSubscriber", "Leave"):
        lists = shapes[shape]["properties"]["lists"]
        lists.get("anyOf", [lists])[0]["items"] = {"enum": ["friends", "runners"]}
    shapes["WhoIsMeant"]["properties"]["to"]["items"] = {"enum": ["friends", "runners"]}
    for operations in told["paths"].values():
        for operation in operations.values():
            for parameter in operation.get("parameters", ()):
                if parameter["name"] == "id":
                    parameter["schema"]["enum"] = [world.id_of("ada@example.org"), world.id_of("odd@example.org"), "x"]
    schema = schemathesis.openapi.from_dict(told, config=SchemathesisConfig.from_dict(_CONFIG))
    schema.app = world.mailing.app
    return schema


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["fitting", "unfitting"])
@pytest.mark.parametrize("name", OPERATIONS)
def test_whatever_is_asked_the_answer_is_one_that_is_described(
    name: str, mode: GenerationMode, world: Api, described: Any
) -> None:
    operation = described.find_operation_by_id(name)

    @hypothesis.seed(8)
    @hypothesis.settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=(hypothesis.Phase.generate,),
    )
    @hypothesis.given(operation.as_strategy(generation_mode=mode))
    def asks(case: Case[Any]) -> None:
        case.call_and_validate(headers=world.headers)

    asks()
