"""A copy of one's data, and having oneself erased: the links of mails that went to one's address for it."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from newsletter.errors import FileUnreadable, ProviderFailed
from newsletter.keys import NOTICES, DeliveryToken, Keys
from newsletter.model.consent import Said
from newsletter.model.notice_mail import NoticeKind
from newsletter.model.subscriber import ConsentSource
from newsletter.store import notices
from newsletter.store import tables as t
from newsletter.store.people import editing, erasing, subscribers
from newsletter.web.app import create_app
from tests.web.joining_site import JoiningSite
from tests.web.sample_mailing import client
from tests.web.test_leaving import text_of

if TYPE_CHECKING:
    from datetime import datetime

    from newsletter.store.database import Store

ADA, EVE = "ada@example.org", "eve@example.org"
DOWNLOAD = "newsletter-data.json"


class Place(JoiningSite):
    """Ada and Eve, and an erasing that a test can break."""

    broken: Exception | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        news = self.list_("news", "The News")
        self.subscribed(ADA, news, first_name="Ada", language="es")
        self.subscribed(EVE, news, first_name="Eve")
        self.reopen(self.keys)

    def reopen(self, keys: Keys) -> None:
        self.keys = keys
        self.app = create_app(self.store, keys, self.settings, (), lambda: self.now, erase=self.erase)
        self.web: Any = client(self.app)

    def erase(self, address: str, now: datetime) -> None:
        if self.broken:
            raise self.broken
        with self.store.write() as connection:
            erasing.erase(connection, self.hash_of(address), address, now)

    def order(self, kind: NoticeKind, address: str = ADA) -> str:
        with self.store.write() as connection:
            number = notices.order(
                connection,
                kind=kind,
                identity_hash=self.hash_of(address),
                address=address,
                cause=f"test {kind} {address}",
                now=self.now,
                language="en",
            )
        return self.token(number or 0)

    def everything(self) -> dict[str, list[dict[str, Any]]]:
        return {table.name: self.rows(table) for table in t.metadata.sorted_tables}


@pytest.fixture
def place(quick_store: Store) -> Place:
    return Place(quick_store)


def test_a_button_gives_a_file_with_everything_of_this_person_and_nothing_of_others(place: Place) -> None:
    token = place.order(NoticeKind.DATA)
    page = place.web.get(f"/d/{token}")
    assert "Ada" not in page.text
    assert ADA not in page.text
    answer = place.web.post(f"/d/{token}")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{DOWNLOAD}"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Type"] == "application/json"
    document = json.loads(answer.content)
    assert (document["asked_for"], document["subscriber"]["first_name"]) == (ADA, "Ada")
    assert document["notices"][0]["used_at"]
    assert "Eve" not in answer.text
    assert EVE not in answer.text


def test_the_file_can_be_had_again_for_a_day(place: Place) -> None:
    token = place.order(NoticeKind.DATA)
    for hours in (0, 12, 11):
        place.now += timedelta(hours=hours)
        assert place.web.post(f"/d/{token}").status_code == 200
    place.now += timedelta(hours=1)
    before = place.everything()
    assert place.web.get(f"/d/{token}").status_code == 404
    assert place.web.post(f"/d/{token}").status_code == 404
    assert place.everything() == before


def test_the_page_says_what_goes_and_what_stays_and_the_button_erases(place: Place) -> None:
    token = place.order(NoticeKind.ERASURE)
    page = place.web.get(f"/e/{token}")
    assert "What goes:" in page.text
    assert "What stays:" in page.text
    assert "You are erased" in text_of(place.web.post(f"/e/{token}"))
    ada, eve = place.rows(t.subscribers)
    assert (ada["address"], ada["first_name"], eve["address"]) == (None, "", EVE)
    before = place.everything()
    again = place.web.post(f"/e/{token}")
    assert (again.status_code, "This link does not work" in again.text) == (404, True)
    assert place.everything() == before


def test_the_other_links_of_who_was_erased_lead_nowhere(place: Place) -> None:
    tokens = [place.order(kind) for kind in (NoticeKind.DATA, NoticeKind.LINKS, NoticeKind.ERASURE)]
    place.web.post(f"/e/{tokens[-1]}")
    pages = {place.web.get(f"/{path}/{token}").text for path in "updec" for token in tokens}
    pages |= {place.web.post(f"/{path}/{token}").text for path in "updec" for token in tokens}
    assert pages == {place.web.get("/u/not-a-token").text}


@pytest.mark.parametrize(
    "failure",
    [
        ProviderFailed("SendGrid", "ada@example.org is not there", "Wait."),
        FileUnreadable("erasures.txt", "read-only"),
        OSError("no space"),
    ],
)
def test_what_cannot_be_finished_now_can_be_tried_again(
    place: Place, failure: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    token = place.order(NoticeKind.ERASURE)
    place.broken = failure
    before = place.everything()
    answer = place.web.post(f"/e/{token}")
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert "press the button again" in text_of(answer)
    assert place.everything() == before
    assert type(failure).__name__ in caplog.text
    assert ADA not in caplog.text
    assert token not in caplog.text
    place.broken = None
    assert "You are erased" in text_of(place.web.post(f"/e/{token}"))


def test_where_nothing_can_erase_the_reader_is_asked_to_come_again(quick_store: Store) -> None:
    place = Place(quick_store)
    token = place.order(NoticeKind.ERASURE)
    place.app = create_app(place.store, place.keys, place.settings, (), lambda: place.now)
    assert client(place.app).post(f"/e/{token}").status_code == 503


def test_only_the_address_that_was_mailed_is_erased(place: Place) -> None:
    token = place.order(NoticeKind.ERASURE)
    place.web.post(f"/e/{token}", data={"address": EVE, "email": EVE, "key": place.order(NoticeKind.ERASURE, EVE)})
    assert [row["address"] for row in place.rows(t.subscribers)] == [None, EVE]


def test_forged_cut_old_and_swapped_links_all_get_the_same_page_and_change_nothing(place: Place) -> None:
    tokens = {kind: place.order(kind) for kind in NoticeKind}
    dead = {
        "d": [token for kind, token in tokens.items() if kind is not NoticeKind.DATA],
        "e": [token for kind, token in tokens.items() if kind is not NoticeKind.ERASURE],
    }
    good = tokens[NoticeKind.DATA]
    forged = [
        *(good[:-1], good[1:], good + "A", good.swapcase(), "%00", "x"),
        Keys(["another secret"]).token(DeliveryToken(mailing=NOTICES, n=1)),
        place.keys.token(DeliveryToken(mailing=NOTICES, n=99)),
        place.keys.token(DeliveryToken(mailing=1, n=1)),
        place.keys.token(DeliveryToken(mailing=NOTICES, n=0)),
    ]
    before = place.everything()
    answers = [place.web.get(f"/{path}/{token}") for path in "de" for token in (*dead[path], *forged)]
    answers += [place.web.post(f"/{path}/{token}") for path in "de" for token in (*dead[path], *forged)]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.text for answer in answers}) == 1
    assert place.everything() == before


def test_looking_changes_nothing(place: Place) -> None:
    data, erasure = place.order(NoticeKind.DATA), place.order(NoticeKind.ERASURE)
    before = place.everything()
    for method in ("GET", "HEAD", "OPTIONS"):
        place.web.request(method, f"/d/{data}")
        place.web.request(method, f"/e/{erasure}?yes=1")
    assert place.everything() == before


def test_links_of_before_a_new_secret_work_and_those_of_a_foreign_one_never(place: Place) -> None:
    token = place.order(NoticeKind.DATA)
    place.reopen(Keys(["a new secret", "a secret for tests"]))
    assert place.web.post(f"/d/{token}").status_code == 200
    assert place.web.post(f"/d/{place.token(1)}").status_code == 200
    place.reopen(Keys(["a new secret"]))
    assert place.web.post(f"/d/{token}").status_code == 404


@pytest.mark.parametrize(("kind", "path"), [(NoticeKind.DATA, "/d/"), (NoticeKind.ERASURE, "/e/")])
def test_whose_address_changed_is_not_told_that_they_were_erased(place: Place, kind: NoticeKind, path: str) -> None:
    """The old address has no data any more: all of it, under the new one, would stay."""
    link, new = f"{path}{place.order(kind)}", "ada@example.com"
    with place.store.write() as connection:
        person = subscribers.find(connection, place.hash_of(ADA))
        assert person
        said = Said(source=ConsentSource.BY_HAND, at=place.now, recorded_at=place.now)
        editing.move(connection, person.number, new, place.hash_of(new), said)
    assert [place.web.get(link).status_code, place.web.post(link).status_code] == [404, 404]
