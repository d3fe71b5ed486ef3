"""Lists, audiences and mailings: the numbers of the commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.address.audience import Asked
from newsletter.cli.audience.shown import look_json
from newsletter.pipeline.audience import look
from newsletter.pipeline.mailing_facts import mailing_json, read_more
from newsletter.store import mailings
from tests.web.sample_mailing import NOW

if TYPE_CHECKING:
    from tests.web.api.conftest import Api


def test_lists_are_told_with_their_counts(api: Api) -> None:
    ada = api.id_of("ada@example.org")
    api.post(f"/subscribers/{ada}/unsubscribe", {"lists": ["friends"]})
    told = {one["name"]: one for one in api.get("/lists").json()["lists"]}
    assert {*told} == {"friends", "runners", "staff"}
    assert told["friends"]["counts"] == {"pending": 0, "subscribed": 3, "unsubscribed": 1, "suppressed": 0}
    assert api.get("/lists/friends").json() == told["friends"]
    assert api.get("/lists/strangers").status_code == 404


def test_an_audience_is_counted_as_the_command_counts_it(api: Api) -> None:
    api.post(f"/subscribers/{api.id_of('ada@example.org')}/unsubscribe", {"everything": True})
    told = api.post("/audiences/count", {"to": ["friends"], "except": ["list:runners"]}).json()
    asked = Asked(to=["friends"], excepted=["list:runners"])
    same = look_json(look(api.mailing.store, asked, NOW, None), asked, 0)
    assert told == {name: same[name] for name in told}
    assert told["audience"] == 1
    unknown = api.post("/audiences/count", {"to": ["friends", "strangers"], "except": ["nobody"]})
    assert [one["pointer"] for one in unknown.json()["errors"]] == ["/to/1", "/except/0"]


def test_a_mailing_has_the_numbers_of_the_command_and_their_sum(api: Api) -> None:
    number = api.mailing.number
    told = api.get(f"/mailings/{number}").json()
    with api.mailing.store.read() as connection:
        mailing = mailings.get(connection, number)
        same = mailing_json(mailing, mailings.tally(connection, number)) | read_more(connection, number).as_json(
            mailing
        )
    for name in ("mailing", "issue", "state", "audience", "outcomes", "sum", "sum_holds", "exclusions", "fates"):
        assert told[name] == same[name]
    assert told["sum"] == told["audience"] == 4
    assert told["started_at"] == "2026-03-01T09:00:00Z"
    page = api.get("/mailings").json()
    assert [one["mailing"] for one in page["mailings"]] == [number]
    assert page["mailings"][0].items() <= told.items()
    assert page["next"] is None
    assert api.get(f"/mailings?after={number}").json()["mailings"] == []
