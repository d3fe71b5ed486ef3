from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text, update

from newsletter.keys import PROBE, DeliveryToken, Keys
from newsletter.model.subscriber import ConsentSource
from newsletter.store import tables, witness
from newsletter.store.mark import mark_of
from newsletter.web.app import create_app
from tests.web.sample_mailing import LINK_NUMBER, NOW, client, page_of

if TYPE_CHECKING:
    from httpx import Response

    from tests.web.sample_mailing import SampleMailing

ONE_CLICK = {"List-Unsubscribe": "One-Click"}
FROM_PAGE = {"from": "page"}
LEFT = {"friends": "unsubscribed", "runners": "unsubscribed", "staff": "subscribed"}


def text_of(page: Response) -> str:
    """What a reader reads, without the marks that keep names from turning a sentence."""
    main = page_of(page.text).find(".//main").text_content()
    return " ".join(main.replace("\u2068", "").replace("\u2069", "").split())


def one_click_multipart(web: Any, path: str) -> Response:
    body = '--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n'
    sent: Response = web.post(path, content=body, headers={"Content-Type": "multipart/form-data; boundary=b"})
    return sent


def press(web: Any, page: Response, button: int) -> Response:
    """Submit the form of the page's button exactly as a browser without scripts would."""
    tree = page_of(page.text)
    pressed = tree.xpath("//button")[button]
    form = next(pressed.iterancestors("form"))
    assert form.method == "POST"
    assert form.action is None
    fields: dict[str, list[str]] = {}
    for name, value in form.form_values():
        fields.setdefault(name, []).append(value)
    if pressed.get("name"):
        fields[pressed.get("name")] = [pressed.get("value")]
    answer: Response = web.post(page.url.path, data=fields)
    return answer


def test_a_one_click_post_leaves_every_list_of_the_mailing_and_no_other(mailing: SampleMailing, web: Any) -> None:
    answer = web.post(f"/u/{mailing.token()}", data=ONE_CLICK)
    assert answer.status_code == 200
    assert mailing.statuses(1) == LEFT
    assert mailing.statuses(2) == dict.fromkeys(LEFT, "subscribed")


def test_a_one_click_post_leaves_evidence(mailing: SampleMailing, web: Any) -> None:
    web.post(f"/u/{mailing.token()}", data=ONE_CLICK)
    events = mailing.rows("consent_events")["consent_events"]
    assert [(event[2], event[3], event[4], event[7]) for event in events] == [
        (mailing.list_numbers["friends"], "unsubscribed", ConsentSource.ONE_CLICK, mailing.number),
        (mailing.list_numbers["runners"], "unsubscribed", ConsentSource.ONE_CLICK, mailing.number),
    ]


def test_a_one_click_post_may_be_multipart(mailing: SampleMailing, web: Any) -> None:
    answer = one_click_multipart(web, f"/u/{mailing.token()}")
    assert answer.status_code == 200
    assert mailing.statuses(1) == LEFT


@pytest.mark.parametrize(
    "body", ["List-Unsubscribe=One-Click", "list-unsubscribe=one-click", " List-Unsubscribe = One-Click\r\n"]
)
@pytest.mark.parametrize("kind", ["", "text/plain", "application/x-www-form-urlencoded; charset=utf-8"])
def test_a_one_click_body_is_recognised_in_any_dress(mailing: SampleMailing, web: Any, body: str, kind: str) -> None:
    answer = web.post(f"/u/{mailing.token()}", content=body, headers={"Content-Type": kind} if kind else {})
    assert answer.status_code == 200
    assert mailing.statuses(1) == LEFT


def test_the_second_post_is_answered_alike_and_changes_nothing(mailing: SampleMailing, web: Any) -> None:
    first = web.post(f"/u/{mailing.token()}", data=ONE_CLICK)
    before = mailing.rows()
    second = web.post(f"/u/{mailing.token()}", data=ONE_CLICK)
    assert (second.status_code, second.text) == (200, first.text)
    assert mailing.rows() == before


def test_posts_at_the_same_time_are_recorded_once(mailing: SampleMailing) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda n: _one_click(mailing, n), [1, 2, 3, 4] * 6))
    assert {answer.status_code for answer in answers} == {200}
    assert all(mailing.statuses(n)["friends"] == "unsubscribed" for n in (1, 2, 3, 4))
    assert len(mailing.rows("consent_events")["consent_events"]) == 7


def _one_click(mailing: SampleMailing, n: int) -> Response:
    answer: Response = client(mailing.app).post(f"/u/{mailing.token(n)}", data=ONE_CLICK)
    return answer


def test_an_answer_sets_no_cookie_and_redirects_nowhere(mailing: SampleMailing, web: Any) -> None:
    for answer in (web.post(f"/u/{mailing.token()}", data=ONE_CLICK), web.get(f"/u/{mailing.token()}")):
        assert "set-cookie" not in answer.headers
        assert "location" not in answer.headers


def test_a_post_with_an_unknown_token_is_answered_with_200_and_changes_nothing(
    mailing: SampleMailing, web: Any
) -> None:
    before = mailing.rows()
    answer = web.post("/u/not-a-token", data=ONE_CLICK)
    assert answer.status_code == 200
    assert "This link does not work" in answer.text
    assert mailing.rows() == before


def test_what_cannot_be_stored_is_answered_with_503_and_can_be_tried_again(mailing: SampleMailing, web: Any) -> None:
    with mailing.store.write() as connection:
        connection.execute(text("ALTER TABLE consent_events RENAME TO elsewhere"))
    answer = web.post(f"/u/{mailing.token()}", data=ONE_CLICK)
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert "Something went wrong" in answer.text
    assert mailing.statuses(1) == dict.fromkeys(LEFT, "subscribed")
    with mailing.store.write() as connection:
        connection.execute(text("ALTER TABLE elsewhere RENAME TO consent_events"))
    assert web.post(f"/u/{mailing.token()}", data=ONE_CLICK).status_code == 200
    assert mailing.statuses(1) == LEFT


def test_a_failing_database_is_logged_without_token_or_address(
    mailing: SampleMailing, web: Any, caplog: pytest.LogCaptureFixture
) -> None:
    with mailing.store.write() as connection:
        connection.execute(text("ALTER TABLE suppressions RENAME TO elsewhere"))
    answer = web.post(f"/u/{mailing.token()}", data={**FROM_PAGE, "everything": "1"})
    assert answer.status_code == 503
    assert "OperationalError" in caplog.text
    assert mailing.token() not in caplog.text
    assert "ada@example.org" not in caplog.text


def test_the_page_names_the_lists_and_asks(mailing: SampleMailing, web: Any) -> None:
    page = web.get(f"/u/{mailing.token()}")
    assert page.status_code == 200
    assert "Friends of the clinic" in page.text
    assert "Runners" in page.text
    assert "Staff" not in page.text


def test_the_pages_first_button_leaves_the_lists_of_the_mailing(mailing: SampleMailing, web: Any) -> None:
    answer = press(web, web.get(f"/u/{mailing.token()}"), 0)
    assert answer.status_code == 200
    assert "You are unsubscribed" in answer.text
    assert mailing.statuses(1) == LEFT
    assert {event[4] for event in mailing.rows("consent_events")["consent_events"]} == {ConsentSource.PAGE}
    assert mailing.rows("suppressions")["suppressions"] == []


def test_the_pages_second_button_leaves_everything_for_ever(mailing: SampleMailing, web: Any) -> None:
    answer = press(web, web.get(f"/u/{mailing.token()}"), 1)
    assert answer.status_code == 200
    assert "no more newsletters from Larkmeadow Joint Clinic" in text_of(answer)
    assert set(mailing.statuses(1).values()) == {"unsubscribed"}
    [suppression] = mailing.rows("suppressions")["suppressions"]
    assert suppression[:3] == (mailing.keys.identity_hash("ada@example.org"), "ada@example.org", "left everything")


def test_a_post_that_says_nothing_changes_nothing_and_shows_the_button_again(mailing: SampleMailing, web: Any) -> None:
    before = mailing.rows()
    answer = web.post(f"/u/{mailing.token()}", data={"everything": "1"})
    assert answer.status_code == 400
    assert mailing.rows() == before
    assert press(web, answer, 0).status_code == 200
    assert mailing.statuses(1) == LEFT


def test_a_token_of_an_older_secret_still_leaves(mailing: SampleMailing, web: Any) -> None:
    old = Keys(["the secret before"])
    known = Keys(["a new secret", "the secret before"])
    token = old.token(DeliveryToken(mailing=LINK_NUMBER, n=1))
    assert web.post(f"/u/{token}", data=ONE_CLICK).status_code == 200
    assert mailing.statuses(1) == dict.fromkeys(LEFT, "subscribed")
    assert known.read_token(token) is not None
    app = create_app(mailing.store, known, mailing.settings, (), lambda: NOW)
    assert client(app).post(f"/u/{token}", data=ONE_CLICK).status_code == 200
    assert mailing.statuses(1) == LEFT


def test_forged_cut_foreign_and_erased_links_all_get_the_same_page(mailing: SampleMailing, web: Any) -> None:
    token = mailing.token()
    with mailing.store.write() as connection:
        gone = update(tables.subscribers).where(tables.subscribers.c.number == 2)
        connection.execute(gone.values(erased_at=NOW, address=None, identity_hash=None))
    dead = [
        token[:-1],
        token[:-1] + ("A" if token[-1] != "A" else "B"),
        token + "A",
        Keys(["another secret"]).token(DeliveryToken(mailing=LINK_NUMBER, n=1)),
        mailing.keys.token(DeliveryToken(mailing=LINK_NUMBER, n=99)),
        mailing.keys.token(DeliveryToken(mailing=mailing.number, n=1)),
        mailing.keys.token(DeliveryToken(mailing=0, n=7)),
        mailing.token(2),
        "%00",
        "%F0%9F%98%80",
    ]
    for purpose in "upv":
        answers = [web.get(f"/{purpose}/{link}") for link in dead]
        assert {answer.status_code for answer in answers} == {404}
        assert len({answer.text for answer in answers}) == 1
        headers = [{k: v for k, v in answer.headers.items() if k not in {"date", "x-request-id"}} for answer in answers]
        assert all(entry == headers[0] for entry in headers)


def test_our_own_probe_is_told_that_the_secret_is_right(mailing: SampleMailing, web: Any) -> None:
    answer = web.get(f"/u/{mailing.keys.token(PROBE)}")
    assert (answer.status_code, answer.headers["X-Newsletter-Probe"]) == (200, "ok")
    assert web.head(f"/u/{mailing.keys.token(PROBE)}").headers["X-Newsletter-Probe"] == "ok"
    foreign = web.get(f"/u/{Keys(['another secret']).token(PROBE)}")
    assert foreign.status_code == 404
    assert "X-Newsletter-Probe" not in foreign.headers
    assert "X-Newsletter-Probe" not in web.get(f"/u/{mailing.token()}").headers


def test_our_own_probe_learns_whether_one_click_arrives_and_changes_nothing(mailing: SampleMailing, web: Any) -> None:
    before, path = mailing.rows(), f"/u/{mailing.keys.token(PROBE)}"
    answer = web.post(path, data=ONE_CLICK)
    assert (answer.status_code, answer.headers["X-Newsletter-Probe"]) == (200, "one-click")
    assert one_click_multipart(web, path).headers["X-Newsletter-Probe"] == "one-click"
    for body in ({}, FROM_PAGE, {"everything": "1"}):
        assert web.post(path, data=body).headers["X-Newsletter-Probe"] == "nothing"
    foreign = web.post(f"/u/{Keys(['another secret']).token(PROBE)}", data=ONE_CLICK)
    assert "X-Newsletter-Probe" not in foreign.headers
    assert mailing.rows() == before


def test_our_own_probe_learns_which_database_it_is_and_nobody_else_does(mailing: SampleMailing, web: Any) -> None:
    mark = "X-Newsletter-Database"
    seen = web.get(f"/u/{mailing.keys.token(PROBE)}").headers[mark]
    with mailing.store.read() as connection:
        assert seen == mark_of(connection)
    with mailing.store.write() as connection:
        witness.renew(connection)
    assert web.get(f"/u/{mailing.keys.token(PROBE)}").headers[mark] != seen
    assert mark not in web.get(f"/u/{mailing.token()}").headers


def test_a_reader_is_spoken_to_in_their_language_or_else_in_the_newsletters(mailing: SampleMailing, web: Any) -> None:
    pages = {n: web.get(f"/u/{mailing.token(n)}").text for n in (1, 2, 3, 4)}
    assert '<html lang="en"' in pages[1]
    assert '<html lang="de-AT"' in pages[2]
    assert "Abmelden" in pages[2]
    assert '<html lang="es"' in pages[3]
    assert "Darse de baja" in pages[3]
    assert '<html lang="en"' in pages[4]


def choose(web: Any, path: str, *lists: int) -> Response:
    """Press the first button with only these boxes ticked."""
    answer: Response = web.post(path, data={"from": "page", "choose": "1", "list": [str(one) for one in lists]})
    return answer


def test_only_some_of_the_lists_can_be_left_and_all_are_ticked_at_first(mailing: SampleMailing, web: Any) -> None:
    page = page_of(web.get(f"/u/{mailing.token()}").text)
    assert len(page.xpath("//input[@type='checkbox' and @checked]")) == 2
    assert len(page.xpath("//button[@class='primary']")) == 1
    answer = choose(web, f"/u/{mailing.token()}", mailing.list_numbers["runners"])
    assert "You will not receive Runners again." in text_of(answer)
    assert mailing.statuses(1) == LEFT | {"friends": "subscribed"}


@pytest.mark.parametrize(("lists", "status"), [([], 422), ([3], 400), ([0], 400), ([1, 3], 400), (["x"], 400)])
def test_no_list_or_another_one_changes_nothing(
    mailing: SampleMailing, web: Any, lists: list[int], status: int
) -> None:
    before = mailing.rows()
    answer = choose(web, f"/u/{mailing.token()}", *lists)
    assert answer.status_code == status
    assert mailing.rows() == before
    assert len(page_of(answer.text).xpath("//*[@aria-labelledby='errors-title']")) == (status == 422)


def test_who_had_left_already_is_told_so_and_has_nothing_to_take_back(mailing: SampleMailing, web: Any) -> None:
    web.post(f"/u/{mailing.token()}", data=ONE_CLICK)
    before = mailing.rows()
    answer = web.post(f"/u/{mailing.token()}", data=FROM_PAGE)
    assert "already unsubscribed" in text_of(answer)
    assert not page_of(answer.text).xpath("//input[@name='undo']")
    assert mailing.rows() == before


def test_the_answer_to_a_mail_program_is_short_and_has_no_form(mailing: SampleMailing, web: Any) -> None:
    answer = web.post(f"/u/{mailing.token()}", data=ONE_CLICK)
    assert not page_of(answer.text).xpath("//form | //input | //button")


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/x-www-form-urlencoded", "everything=1&from=page&undo=x&reason=other&List-Unsubscribe=One-Click"),
        ("application/x-www-form-urlencoded", "a=1&" * 150 + "List-Unsubscribe=One-Click"),
        ("multipart/form-data", "List-Unsubscribe=One-Click"),
        ("multipart/form-data; boundary=", "List-Unsubscribe=One-Click"),
        ('multipart/form-data; boundary=""', '--\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n----'),
        ("multipart/form-data; boundary=b", "List-Unsubscribe=One-Click"),
        ("multipart/form-data", '--b\r\nContent-Disposition: form-data; name="list-unsubscribe"\r\nX: y\r\n\r\none-click\r\n--b--'),
        ("MULTIPART/FORM-DATA; BOUNDARY=B", '--B\r\nContent-Disposition: form-data; name="LIST-UNSUBSCRIBE"\r\n\r\nONE-CLICK\r\n--B--\r\n'),
        ("multipart/form-data; boundary=b", '--b\nContent-Disposition: form-data; name=List-Unsubscribe\n\nOne-Click\n--b--\n'),
        ("application/json", "List-Unsubscribe=One-Click"),
    ],
)  # fmt: skip
def test_what_a_mail_program_says_is_found_in_a_body_that_is_odd_or_broken(
    mailing: SampleMailing, web: Any, kind: str, body: str
) -> None:
    answer = web.post(f"/u/{mailing.token()}", content=body, headers={"Content-Type": kind})
    assert answer.status_code == 200
    assert mailing.statuses(1) == LEFT
    assert mailing.rows("suppressions")["suppressions"] == []


def test_a_body_in_chunks_and_a_query_make_no_difference(mailing: SampleMailing, web: Any) -> None:
    before = mailing.rows()
    path = f"/u/{mailing.token()}"
    assert web.post(f"{path}?List-Unsubscribe=One-Click&from=page&everything=1").status_code == 400
    assert web.get(f"{path}?List-Unsubscribe=One-Click&from=page").status_code == 200
    assert mailing.rows() == before
    answer = web.post(f"{path}?everything=1&from=page&x=1", content=iter([b"List-Unsub", b"scribe=One", b"-Click"]))
    assert (answer.status_code, mailing.statuses(1)) == (200, LEFT)


def test_looking_and_asking_what_is_allowed_change_nothing(mailing: SampleMailing, web: Any) -> None:
    before = mailing.rows()
    for purpose in "updevc":
        for method in ("GET", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH"):
            answer = web.request(method, f"/{purpose}/{mailing.token()}")
            assert answer.status_code in {200, 404, 405}
    assert mailing.rows() == before


def test_a_post_of_another_site_is_taken_where_a_mail_program_posts_only(mailing: SampleMailing, web: Any) -> None:
    foreign = {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.test"}
    before = mailing.rows()
    for purpose in "pdec":
        assert web.post(f"/{purpose}/{mailing.token()}", data={"everything": "1"}, headers=foreign).status_code == 403
    assert mailing.rows() == before
    assert web.post(f"/u/{mailing.token()}", data=ONE_CLICK, headers=foreign).status_code == 200
