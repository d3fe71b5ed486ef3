"""After leaving by the page: taking it back, and saying why."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import update

from newsletter.keys import NOTICES, DeliveryToken, Keys
from newsletter.model.notice_mail import NoticeKind
from newsletter.model.subscriber import ConsentSource, SuppressionReason
from newsletter.store import notices, suppressions
from newsletter.store import tables as t
from newsletter.store.people import consent, leaving_reasons
from newsletter.store.suppressions import mirrored
from newsletter.web.app import create_app
from tests.web.sample_mailing import LINK_NUMBER, NOW, client, copy_database, page_of, sample_mailing
from tests.web.test_leaving import press, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from httpx import Response

    from tests.web.sample_mailing import SampleMailing

SUBSCRIBED = dict.fromkeys(("friends", "runners", "staff"), "subscribed")


@dataclass
class Visitor:
    """Ada with her mail, and a clock that a test moves."""

    folder: Path
    now: datetime = NOW
    mailing: SampleMailing = field(init=False)
    web: Any = field(init=False)

    def __post_init__(self) -> None:
        self.mailing = sample_mailing(self.folder, clock=lambda: self.now)
        self.web = client(self.mailing.app)

    @property
    def path(self) -> str:
        return f"/u/{self.mailing.token()}"

    def leave(self, *, everything: bool = False) -> Response:
        return press(self.web, self.web.get(self.path), 1 if everything else 0)

    def undo(self, page: Response, path: str = "") -> Response:
        answer: Response = self.web.post(path or self.path, data={"undo": sealed(page)})
        return answer

    def say_why(self, **fields: str) -> Response:
        answer: Response = self.web.post(self.path, data=fields)
        return answer

    def statuses(self) -> dict[str, str]:
        return self.mailing.statuses(1)

    def reasons(self) -> list[tuple[str, str]]:
        return [(row[3], row[4]) for row in self.mailing.rows("leaving_reasons")["leaving_reasons"]]

    def suppressed(self) -> bool:
        return bool(self.mailing.rows("suppressions")["suppressions"])


def sealed(page: Response) -> str:
    [value] = page_of(page.text).xpath("//input[@name='undo']/@value")
    return str(value)


@pytest.fixture
def ada(tmp_path: Path, finished_database: Path) -> Iterator[Visitor]:
    copy_database(finished_database, tmp_path)
    visitor = Visitor(tmp_path)
    yield visitor
    visitor.mailing.store.close()


@pytest.mark.parametrize("everything", [False, True])
def test_leaving_by_the_page_can_be_taken_back_for_an_hour(ada: Visitor, everything: bool) -> None:
    page = ada.leave(everything=everything)
    assert set(ada.statuses().values()) == ({"unsubscribed"} if everything else {"unsubscribed", "subscribed"})
    assert ada.suppressed() is everything
    ada.now += timedelta(minutes=59)
    answer = press(ada.web, page, 0)
    assert "All is as it was" in text_of(answer)
    assert ada.statuses() == SUBSCRIBED
    assert not ada.suppressed()


def test_what_is_taken_back_leaves_evidence(ada: Visitor) -> None:
    ada.undo(ada.leave(everything=True))
    rows = ada.mailing.rows("consent_events", "suppression_events", "wordings")
    assert [(row[3], row[4], row[7]) for row in rows["consent_events"]] == [
        *[("unsubscribed", ConsentSource.PAGE, ada.mailing.number)] * 3,
        *[("subscribed", ConsentSource.PAGE, ada.mailing.number)] * 3,
    ]
    assert [row[1] for row in rows["wordings"]] == ["Undo: keep my subscription"]
    [_, lifted] = rows["suppression_events"]
    assert (lifted[2], lifted[3]) == ("lifted", "left everything")
    assert "took leaving everything back" in lifted[4]


def test_only_what_was_left_just_now_comes_back(ada: Visitor) -> None:
    friends, runners = (ada.mailing.list_numbers[name] for name in ("friends", "runners"))
    ada.web.post(ada.path, data={"from": "page", "choose": "1", "list": str(runners)})
    page = ada.web.post(ada.path, data={"from": "page", "choose": "1", "list": [str(friends), str(runners)]})
    ada.undo(page)
    assert ada.statuses() == SUBSCRIBED | {"runners": "unsubscribed"}


def test_who_had_not_agreed_before_has_not_agreed_after(ada: Visitor) -> None:
    with ada.mailing.store.write() as connection:
        connection.execute(update(t.subscriptions).where(t.subscriptions.c.subscriber == 1).values(status="pending"))
    ada.undo(ada.leave())
    assert set(ada.statuses().values()) == {"pending"}
    assert [row[3] for row in ada.mailing.rows("consent_events")["consent_events"]] == ["unsubscribed"] * 2


@pytest.mark.parametrize("everything", [False, True])
def test_a_second_time_says_the_same_and_changes_nothing(ada: Visitor, everything: bool) -> None:
    page = ada.leave(everything=everything)
    first, before = ada.undo(page), ada.mailing.rows()
    second = ada.undo(page)
    assert (second.status_code, second.text) == (first.status_code, first.text)
    assert ada.mailing.rows() == before


@pytest.mark.parametrize("everything", [False, True])
def test_who_leaves_again_stays_away_whatever_page_of_before_is_used(ada: Visitor, everything: bool) -> None:
    page = ada.leave(everything=everything)
    ada.undo(page)
    ada.leave(everything=everything)
    before = ada.mailing.rows()
    assert "cannot be taken back" in text_of(ada.undo(page))
    assert ada.mailing.rows() == before


@pytest.mark.parametrize("everything", [False, True])
def test_after_an_hour_it_is_too_late(ada: Visitor, everything: bool) -> None:
    page = ada.leave(everything=everything)
    before = ada.mailing.rows()
    ada.now += timedelta(hours=1)
    assert "cannot be taken back" in text_of(ada.undo(page))
    assert ada.mailing.rows() == before


@pytest.mark.parametrize("everything", [False, True])
@pytest.mark.parametrize("reason", [SuppressionReason.HARD_BOUNCE, SuppressionReason.COMPLAINT])
def test_nothing_comes_back_to_who_was_suppressed_since(
    ada: Visitor, everything: bool, reason: SuppressionReason
) -> None:
    page = ada.leave(everything=everything)
    with ada.mailing.store.write() as connection:
        key = ada.mailing.keys.identity_hash("ada@example.org")
        suppressions.add(connection, key, "ada@example.org", reason, "a report", ada.now)
    before = ada.mailing.rows()
    assert "cannot be taken back" in text_of(ada.undo(page))
    assert ada.mailing.rows() == before


def test_nothing_comes_back_where_the_provider_was_told(ada: Visitor) -> None:
    """It would drop every mail to this address."""
    page = ada.leave(everything=True)
    with ada.mailing.store.write() as connection:
        mirrored.remember(
            connection, "sendgrid", [ada.mailing.keys.identity_hash("ada@example.org")], ada.now, told=True
        )
    assert "cannot be taken back" in text_of(ada.undo(page))
    assert ada.suppressed()


def test_a_list_that_was_left_in_another_way_since_stays_left(ada: Visitor) -> None:
    page = ada.leave()
    friends = ada.mailing.list_numbers["friends"]
    with ada.mailing.store.write() as connection:
        connection.execute(
            update(t.subscriptions)
            .where(t.subscriptions.c.subscriber == 1, t.subscriptions.c.list == friends)
            .values(status="subscribed")
        )
        consent.leave(connection, 1, [friends], ConsentSource.ONE_CLICK, None, ada.now)
    assert "You did not leave Runners" in text_of(ada.undo(page))
    assert ada.statuses() == SUBSCRIBED | {"friends": "unsubscribed"}


def test_the_undo_of_another_reader_or_a_forged_one_changes_nothing(ada: Visitor) -> None:
    page = ada.leave()
    press(ada.web, ada.web.get(f"/u/{ada.mailing.token(2)}"), 0)
    good, before = sealed(page), ada.mailing.rows()
    foreign = Keys(["another secret"]).seal("undo", "{}")
    other_purpose = ada.mailing.keys.seal("form shown", "x")
    assert "nicht mehr zurücknehmen" in text_of(ada.undo(page, f"/u/{ada.mailing.token(2)}"))
    for forged in ("", "x", good[:-4], good + "AAAA", good[4:], foreign, other_purpose, "\N{SNOWMAN}", good * 3):
        answer = ada.web.post(ada.path, data={"undo": forged})
        assert answer.status_code == 200
        assert "cannot be taken back" in text_of(answer)
    assert ada.mailing.rows() == before


def test_the_undo_of_another_reader_brings_nobody_back_who_left_before(ada: Visitor) -> None:
    """Nothing was said of their own list since: only whose page it is stands between."""
    other = f"/u/{ada.mailing.token(2)}"
    press(ada.web, ada.web.get(other), 0)
    page, left = ada.leave(), ada.mailing.statuses(2)
    assert "unsubscribed" in left.values()
    assert "nicht mehr zurücknehmen" in text_of(ada.undo(page, other))
    assert ada.mailing.statuses(2) == left


def test_a_page_of_before_a_new_secret_still_takes_back(ada: Visitor) -> None:
    page = ada.leave()
    keys = Keys(["a new secret", "a secret for tests"])
    web = client(create_app(ada.mailing.store, keys, ada.mailing.settings, (), lambda: NOW))
    path = f"/u/{keys.token(DeliveryToken(mailing=LINK_NUMBER, n=1))}"
    assert "All is as it was" in text_of(web.post(path, data={"undo": sealed(page)}))
    assert ada.statuses() == SUBSCRIBED


def test_the_page_of_an_erased_reader_takes_nothing_back(ada: Visitor) -> None:
    page = ada.leave()
    with ada.mailing.store.write() as connection:
        gone = update(t.subscribers).where(t.subscribers.c.number == 1)
        connection.execute(gone.values(erased_at=NOW, address=None, identity_hash=None))
    before = ada.mailing.rows()
    assert "This link does not work" in ada.undo(page).text
    assert "This link does not work" in ada.say_why(reason="other").text
    assert ada.mailing.rows() == before


def test_the_sealed_text_names_nobody(ada: Visitor) -> None:
    import base64

    text = sealed(ada.leave(everything=True))
    raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))[16:].decode()
    assert "ada" not in raw
    assert "example" not in raw
    assert ada.mailing.keys.identity_hash("ada@example.org") not in raw


def test_a_reason_can_be_given_and_undo_stays_at_hand(ada: Visitor) -> None:
    page = page_of(ada.leave().text)
    fields = dict(page.forms[1].form_values()) | {"reason": "too_often", "words": "Twice a week\r\nis too much"}
    answer = ada.say_why(**fields)
    assert "Thank you for telling us" in text_of(answer)
    assert ada.reasons() == [("too_often", "Twice a week\nis too much")]
    with ada.mailing.store.read() as connection:
        assert leaving_reasons.counts(connection, ada.mailing.list_numbers["friends"]) == {"too_often": 1}
        assert leaving_reasons.counts(connection, ada.mailing.list_numbers["staff"]) == {}
    ada.undo(answer)
    assert ada.statuses() == SUBSCRIBED


def test_a_reason_may_be_only_words_or_only_a_choice(ada: Visitor) -> None:
    ada.leave()
    ada.say_why(words="  I moved away ")
    assert ada.reasons() == [("other", "I moved away")]
    ada.say_why(reason="never_asked")
    assert ada.reasons() == [("never_asked", "")]  # the last word of one mail's reader


@pytest.mark.parametrize(
    "fields", [{"reason": "sql"}, {"reason": ""}, {"words": " \n "}, {"reason": "x", "words": "y"}]
)
def test_what_is_no_reason_is_not_kept(ada: Visitor, fields: dict[str, str]) -> None:
    ada.leave()
    before = ada.mailing.rows()
    assert ada.say_why(**fields).status_code == 422
    assert ada.mailing.rows() == before


def test_only_who_has_left_is_asked_why(ada: Visitor) -> None:
    before = ada.mailing.rows()
    assert ada.say_why(reason="other", words="not I").status_code == 200
    assert ada.mailing.rows() == before


def test_words_are_cut_and_cleaned_and_never_markup(ada: Visitor) -> None:
    ada.leave()
    answer = ada.say_why(
        reason="other", words="<script>alert(1)</script>\x00\u202e\ud800 {{ 7*7 }}".encode("utf-8", "replace").decode()
    )
    assert not page_of(answer.text).xpath("//script")
    assert ada.reasons()[0][1].startswith("<script>alert(1)</script>")
    assert not set(ada.reasons()[0][1]) & set("\x00\u202e\ud800")
    ada.say_why(words="x" * 2_000)
    assert len(ada.reasons()[0][1]) == 500
    part = 'Content-Disposition: form-data; name="words"\r\nContent-Type: text/plain; charset=unicode_escape'
    odd = f"--b\r\n{part}\r\n\r\n\\ud800 half\r\n--b--\r\n"
    kind = {"Content-Type": "multipart/form-data; boundary=b; charset=unicode_escape"}
    assert ada.web.post(ada.path, content=odd, headers=kind).status_code in {200, 400}


@pytest.mark.parametrize("kind", [NoticeKind.WELCOME, NoticeKind.LINKS, NoticeKind.CONFIRMATION, NoticeKind.DATA])
def test_the_link_of_a_single_mail_leaves_as_well(ada: Visitor, kind: NoticeKind) -> None:
    """Those that it names, else all that were joined; which these are is not shown."""
    about = {"lists": [ada.mailing.list_numbers["runners"]]} if kind is not NoticeKind.LINKS else {}
    about = {} if kind is NoticeKind.DATA else about
    path = f"/u/{notice_token(ada, kind, about)}"
    page, before = ada.web.get(path), ada.mailing.rows()
    assert ("Runners" in page.text) is bool(about)
    assert ("Friends" in page.text) is False
    assert ada.web.post(path, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    left = {"runners": "unsubscribed"} if about else dict.fromkeys(SUBSCRIBED, "unsubscribed")
    assert ada.statuses() == SUBSCRIBED | left
    again = ada.mailing.rows()
    assert again != before
    assert ada.web.post(path, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert ada.mailing.rows() == again


def test_leaving_by_a_single_mail_can_be_taken_back_and_explained(ada: Visitor) -> None:
    path = f"/u/{notice_token(ada, NoticeKind.LINKS, {})}"
    page = press(ada.web, ada.web.get(path), 0)
    assert "Larkmeadow Letters" in text_of(page)
    ada.web.post(path, data={"reason": "not_for_me"})
    assert ada.reasons() == [("not_for_me", "")]
    answer = ada.undo(page, path)
    assert "Friends" not in answer.text
    assert ada.statuses() == SUBSCRIBED


def test_the_links_of_a_proof_change_nothing(ada: Visitor) -> None:
    token = notice_token(ada, NoticeKind.PROOF, {})
    before = ada.mailing.rows()
    for purpose in "updevc":
        assert "This link does not work" in ada.web.get(f"/{purpose}/{token}").text or purpose == "v"
        ada.web.post(f"/{purpose}/{token}", data={"List-Unsubscribe": "One-Click"})
    assert ada.mailing.rows() == before


def notice_token(ada: Visitor, kind: NoticeKind, about: dict[str, Any]) -> str:
    with ada.mailing.store.write() as connection:
        number = notices.order(
            connection,
            kind=kind,
            identity_hash=ada.mailing.keys.identity_hash("ada@example.org"),
            address="ada@example.org",
            cause=f"test {kind}",
            now=NOW,
            about=about,
        )
    return ada.mailing.keys.token(DeliveryToken(mailing=NOTICES, n=number or 0))
