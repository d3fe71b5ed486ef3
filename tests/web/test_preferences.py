from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from newsletter.model.subscriber import ConsentSource
from tests.web.sample_mailing import page_of

if TYPE_CHECKING:
    from tests.web.sample_mailing import SampleMailing


def test_the_page_has_a_button_for_each_list_of_the_mailing_and_one_for_everything(
    mailing: SampleMailing, web: Any
) -> None:
    page = page_of(web.get(f"/p/{mailing.token()}").text)
    buttons = [button.text_content().replace("\u2068", "").replace("\u2069", "") for button in page.xpath("//button")]
    assert buttons == [
        "Leave Friends of the clinic",
        "Leave Runners",
        "Stop all newsletters from Larkmeadow Joint Clinic",
    ]


def test_one_list_can_be_left(mailing: SampleMailing, web: Any) -> None:
    answer = web.post(f"/p/{mailing.token()}", data={"list": str(mailing.list_numbers["runners"])})
    assert answer.status_code == 200
    assert "You have left" in answer.text
    assert mailing.statuses(1) == {"friends": "subscribed", "runners": "unsubscribed", "staff": "subscribed"}
    [event] = mailing.rows("consent_events")["consent_events"]
    assert event[4] == ConsentSource.PAGE


def test_several_lists_can_be_left_at_once(mailing: SampleMailing, web: Any) -> None:
    numbers = [str(mailing.list_numbers[name]) for name in ("friends", "runners")]
    assert web.post(f"/p/{mailing.token()}", data={"list": numbers}).status_code == 200
    assert mailing.statuses(1) == {"friends": "unsubscribed", "runners": "unsubscribed", "staff": "subscribed"}


def test_everything_can_be_left(mailing: SampleMailing, web: Any) -> None:
    assert web.post(f"/p/{mailing.token()}", data={"everything": "1"}).status_code == 200
    assert set(mailing.statuses(1).values()) == {"unsubscribed"}
    assert len(mailing.rows("suppressions")["suppressions"]) == 1


@pytest.mark.parametrize("posted", ["3", "0", "-1", "01", " 1", "x", "", "9" * 400, "1 OR 1=1"])
def test_a_list_that_is_not_of_this_mailing_is_refused_with_everything_beside_it(
    mailing: SampleMailing, web: Any, posted: str
) -> None:
    before = mailing.rows()
    answer = web.post(f"/p/{mailing.token()}", data={"list": [posted, str(mailing.list_numbers["friends"])]})
    assert answer.status_code == 400
    assert mailing.rows() == before


def test_a_post_that_chooses_nothing_changes_nothing(mailing: SampleMailing, web: Any) -> None:
    before = mailing.rows()
    assert web.post(f"/p/{mailing.token()}").status_code == 400
    assert web.post(f"/p/{mailing.token()}", data={"List-Unsubscribe": "One-Click"}).status_code == 400
    assert web.post("/p/not-a-token", data={"everything": "1"}).status_code == 404
    assert mailing.rows() == before


def test_the_page_shows_no_stored_data(mailing: SampleMailing, web: Any) -> None:
    """Who holds a forwarded mail must not learn a name, an address, or what its reader is subscribed to."""
    before = web.get(f"/p/{mailing.token()}").text
    assert "Ada" not in before
    assert "ada@" not in before
    web.post(f"/p/{mailing.token()}", data={"list": str(mailing.list_numbers["runners"])})
    assert web.get(f"/p/{mailing.token()}").text == before
