from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from newsletter.model.notice_mail import NoticeKind
from newsletter.model.subscriber import SuppressionReason
from newsletter.store import notices
from newsletter.store import tables as t
from tests.web.joining_site import JoiningSite
from tests.web.sample_mailing import NOW, page_of, settings
from tests.web.test_leaving import text_of

if TYPE_CHECKING:
    from httpx import Response

    from newsletter.store.database import Store
    from tests.web.sample_mailing import SampleMailing

ADA = "ada@example.org"


class Centre(JoiningSite):
    """Three lists, of which Ada has joined two; `own` is not offered to everybody. The link is that of a welcome."""

    path: str

    def __post_init__(self) -> None:
        super().__post_init__()
        self.news, self.runners = self.list_("news", "The News"), self.list_("runners", "Runners", single=True)
        self.own = self.list_("own", "Patients", public=False)
        self.subscribed(ADA, self.news, self.own, first_name="Ada", last_name="Lovelace", language="en")
        self.path = f"/p/{self.token(self.link(NoticeKind.WELCOME, self.own))}"

    def link(self, kind: NoticeKind, *lists: int, address: str = ADA) -> int:
        with self.store.write() as connection:
            about = {"lists": [*lists]} if lists else {}
            number = notices.order(
                connection,
                kind=kind,
                identity_hash=self.hash_of(address),
                address=address,
                cause=f"test {kind} {lists}",
                now=self.now - timedelta(days=2),
                about=about,
            )
        return number or 0

    def save(self, **fields: str) -> Response:
        answer: Response = self.web.post(self.path, data={name.replace("_list", "-"): fields[name] for name in fields})
        return answer

    def everything(self) -> dict[str, list[dict[str, Any]]]:
        return {table.name: self.rows(table) for table in t.metadata.sorted_tables}

    def ada(self) -> dict[str, Any]:
        return self.rows(t.subscribers)[0]


@pytest.fixture
def centre(quick_store: Store) -> Centre:
    return Centre(quick_store)


def answer_to(centre: Centre, **lists: str) -> Response:
    numbers = {"news": centre.news, "runners": centre.runners, "own": centre.own}
    sent: Response = centre.web.post(centre.path, data={f"list-{numbers[name]}": lists[name] for name in lists})
    return sent


def test_each_list_that_is_offered_or_named_in_the_mail_stays_as_it_is_unless_one_says_so(centre: Centre) -> None:
    page = page_of(centre.web.get(centre.path).text)
    legends = [legend.text_content().strip("\u2068\u2069\n ") for legend in page.xpath("//legend")]
    assert legends == ["Patients", "Runners", "The News", "Name"]
    assert page.xpath("//input[@type='radio' and @checked]/@value") == [""] * 3
    assert page.xpath("//option[@selected]/@value") == [""]


def test_the_page_shows_no_stored_data(centre: Centre) -> None:
    """Who holds a mail that was passed on must not learn a name, an address, or what its reader is subscribed to."""
    before = centre.web.get(centre.path).text
    assert "Ada" not in before
    assert "Lovelace" not in before
    assert "ada@" not in before
    answer_to(centre, news="no", own="no", runners="yes")
    assert centre.web.get(centre.path).text == before


def test_a_no_leaves_and_a_yes_asks(centre: Centre) -> None:
    answer = answer_to(centre, news="no", runners="yes")
    assert "No longer receive: The News" in text_of(answer)
    assert centre.statuses() == {
        (ADA, "news"): "unsubscribed",
        (ADA, "own"): "subscribed",
        (ADA, "runners"): "subscribed",
    }
    assert centre.events() == [("unsubscribed", "page"), ("subscribed", "page")]
    assert [row["text"] for row in centre.rows(t.wordings)] == ["Runners: Yes, I want to receive this"]


def test_who_left_and_says_yes_gets_a_mail_to_confirm(centre: Centre) -> None:
    answer_to(centre, news="no")
    woken = centre.woken
    answer_to(centre, news="yes")
    assert centre.statuses()[ADA, "news"] == "unsubscribed"
    assert centre.kinds()[1:] == [NoticeKind.CONFIRMATION]
    assert centre.notices()[1].address == ADA
    assert centre.woken == woken + 1


def test_a_yes_to_what_was_joined_mails_nobody(centre: Centre) -> None:
    before = centre.everything()
    assert answer_to(centre, news="yes").status_code == 200
    assert centre.everything() == before


def test_a_no_to_a_list_that_was_never_joined_holds_for_later(centre: Centre) -> None:
    answer_to(centre, runners="no")
    assert centre.statuses()[ADA, "runners"] == "unsubscribed"


def test_the_answer_is_the_same_whether_it_changed_anything(centre: Centre) -> None:
    first = answer_to(centre, news="no", runners="yes")
    assert answer_to(centre, news="no", runners="yes").text == first.text
    centre.suppress(ADA)
    before = centre.statuses()
    assert answer_to(centre, news="no", runners="yes").text == first.text
    assert centre.statuses() == before


def test_names_and_language_are_changed_only_where_something_was_typed(centre: Centre) -> None:
    answer = centre.save(first_name=" Augusta ", last_name="", language="he")
    assert "Name: Augusta" in text_of(answer)
    assert "Language: עברית" in text_of(answer)
    assert (centre.ada()["first_name"], centre.ada()["last_name"], centre.ada()["language"]) == (
        "Augusta",
        "Lovelace",
        "he",
    )
    centre.save(no_name="1")
    assert (centre.ada()["first_name"], centre.ada()["last_name"]) == ("", "")


def test_tracking_is_asked_for_only_where_it_is_done(centre: Centre, quick_store: Store) -> None:
    assert "which of our mails you open" not in centre.web.get(centre.path).text
    assert centre.save(tracking="yes").status_code == 422
    site = JoiningSite(quick_store, settings(tracking={"opens": True}))
    assert "which of our mails you open" in site.web.get(centre.path).text
    site.web.post(centre.path, data={"tracking": "yes"})
    assert centre.ada()["tracking"] is True
    wording = centre.rows(t.wordings)[-1]["text"]
    assert wording.endswith("which links you follow? Yes, you may note it")
    site.web.post(centre.path, data={"tracking": "no"})
    assert centre.ada()["tracking"] is False
    assert centre.events() == [("tracking allowed", "page"), ("tracking refused", "page")]


@pytest.mark.parametrize(
    "wrong",
    [
        {"list-99": "yes"},
        {"list-1": "maybe"},
        {"language": "xx"},
        {"language": "../en"},
        {"first_name": "Win now https://evil.test"},
        {"last_name": "a\u202eb"},
        {"last_name": "a\x00b"},
        {"first_name": "x" * 101},
        {"first_name": "Ada", "no_name": "1"},
        {"no_name": "2"},
        {"tracking": "yes"},
        {"is_admin": "1"},
        {"order": "everything"},
    ],
)
def test_one_wrong_value_changes_nothing_at_all(centre: Centre, wrong: dict[str, str]) -> None:
    before = centre.everything()
    answer = centre.web.post(centre.path, data={f"list-{centre.news}": "no", "language": "de", **wrong})
    assert answer.status_code == 422
    assert page_of(answer.text).xpath("//*[@aria-labelledby='errors-title']//li")
    assert not {"\u202e", "\x00"} & set(answer.text)
    assert centre.everything() == before


def test_a_post_that_chooses_nothing_changes_nothing(centre: Centre) -> None:
    before = centre.everything()
    for body in (
        {},
        {f"list-{centre.news}": ""},
        {"first_name": " ", "language": ""},
        {"List-Unsubscribe": "One-Click"},
    ):
        assert centre.web.post(centre.path, data=body).status_code == 422
    assert centre.web.post("/p/not-a-token", data={"everything": "1"}).status_code == 404
    assert centre.everything() == before


def test_everything_can_be_left_and_taken_back_from_there(centre: Centre) -> None:
    answer = centre.web.post(centre.path, data={"everything": "1"})
    assert set(centre.statuses().values()) == {"unsubscribed"}
    assert len(centre.rows(t.suppressions)) == 1
    forms = page_of(answer.text).forms
    assert {form.action for form in forms} == {f"../u/{centre.path[3:]}"}
    assert "All is as it was" in text_of(centre.web.post(f"/u/{centre.path[3:]}", data=dict(forms[0].form_values())))
    assert set(centre.statuses().values()) == {"subscribed"}
    assert centre.rows(t.suppressions) == []


def test_a_copy_and_erasing_are_ordered_by_mail_three_a_day_and_always_answered_alike(centre: Centre) -> None:
    answers = [centre.web.post(centre.path, data={"order": "data"}) for _ in range(5)]
    assert {answer.text for answer in answers} == {centre.web.post(centre.path, data={"order": "erasure"}).text}
    assert centre.kinds()[1:] == [NoticeKind.DATA] * 3 + [NoticeKind.ERASURE]
    assert {notice.address for notice in centre.notices()} == {ADA}
    assert ADA not in answers[0].text
    centre.suppress(ADA, SuppressionReason.COMPLAINT)
    assert centre.web.post(centre.path, data={"order": "data"}).text == answers[0].text


def test_a_forged_address_is_never_mailed(centre: Centre) -> None:
    centre.web.post(centre.path, data={"order": "data", "email": "eve@example.org", "address": "eve@example.org"})
    assert {notice.address for notice in centre.notices()} == {ADA}


def test_which_single_mails_lead_here_and_for_how_long(centre: Centre) -> None:
    links = {kind: centre.link(kind, centre.news) for kind in NoticeKind if kind is not NoticeKind.WELCOME}
    works = {kind for kind, number in links.items() if centre.web.get(f"/p/{centre.token(number)}").status_code == 200}
    assert works == {NoticeKind.KNOWN, NoticeKind.LINKS}
    centre.now += timedelta(days=28)
    assert centre.web.get(f"/p/{centre.token(links[NoticeKind.LINKS])}").status_code == 404
    assert centre.web.get(f"/u/{centre.token(links[NoticeKind.LINKS])}").status_code == 200
    assert centre.web.get(f"/p/{centre.token(links[NoticeKind.KNOWN])}").status_code == 200


def test_the_link_that_was_asked_for_shows_only_what_everybody_may_join(centre: Centre) -> None:
    page = centre.web.get(f"/p/{centre.token(centre.link(NoticeKind.LINKS))}").text
    assert "The News" in page
    assert "Patients" not in page


def test_a_list_that_was_put_away_can_only_be_left(centre: Centre) -> None:
    with centre.store.write() as connection:
        connection.execute(t.lists.update().where(t.lists.c.number == centre.own).values(archived_at=NOW))
    values = page_of(centre.web.get(centre.path).text).xpath(f"//input[@name='list-{centre.own}']/@value")
    assert values == ["", "no"]
    assert answer_to(centre, own="yes").status_code == 422
    assert answer_to(centre, own="no").status_code == 200


def test_titles_and_names_are_never_markup(centre: Centre) -> None:
    with centre.store.write() as connection:
        evil = "<img src=x onerror=alert(1)>\u202e"
        connection.execute(t.lists.update().where(t.lists.c.number == centre.news).values(title=evil))
    answers = [
        centre.web.get(centre.path),
        answer_to(centre, news="yes"),
        centre.save(first_name='"><script>alert(1)<'),
        centre.save(first_name='" onfocus="alert(1)', language="xx"),
    ]
    for answer in answers:
        assert not page_of(answer.text).xpath("//img | //script | //*[@onfocus] | //*[@onerror]")
        assert "\u202e" not in answer.text


def test_lists_that_are_not_offered_can_be_left_and_not_joined(mailing: SampleMailing, web: Any) -> None:
    path, friends, runners = f"/p/{mailing.token()}", mailing.list_numbers["friends"], mailing.list_numbers["runners"]
    fields = page_of(web.get(path).text).xpath("//input[@type='radio']/@name")
    assert fields == [f"list-{friends}"] * 2 + [f"list-{runners}"] * 2
    assert web.post(path, data={f"list-{runners}": "yes"}).status_code == 422
    assert web.post(path, data={f"list-{mailing.list_numbers['staff']}": "no"}).status_code == 422
    assert web.post(path, data={f"list-{runners}": "no"}).status_code == 200
    assert mailing.statuses(1) == {"friends": "subscribed", "runners": "unsubscribed", "staff": "subscribed"}
    [event] = mailing.rows("consent_events")["consent_events"]
    assert event[7] == mailing.number


def test_nobody_learns_of_a_list_that_is_not_offered_and_that_they_were_never_on(
    mailing: SampleMailing, web: Any
) -> None:
    """The mailing went to it as well."""
    only_friends = mailing.token(4)
    for path in (f"/u/{only_friends}", f"/p/{only_friends}"):
        page = web.get(path).text
        assert ("Friends of the clinic" in page, "Runners" in page) == (True, False)
    assert "Runners" in web.get(f"/u/{mailing.token(1)}").text
