from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import update

from newsletter.compose.links import delivery_links
from newsletter.compose.slots import fill
from newsletter.keys import NOTICES, DeliveryToken
from newsletter.model.subscriber import field_values
from newsletter.store import corrections, delivered, notices, tables
from tests.web.sample_mailing import BASE_URL, IMAGE_NAME, LINK_NUMBER, NOW, a_letter, a_picture, page_of

if TYPE_CHECKING:
    from tests.web.sample_mailing import SampleMailing


@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_the_mail_is_shown_exactly_as_it_was_sent(mailing: SampleMailing, web: Any, n: int) -> None:
    with mailing.store.read() as connection:
        found = delivered.find(connection, LINK_NUMBER, n)
    assert found
    assert found.subscriber
    values = field_values(found.subscriber) | delivery_links(BASE_URL, mailing.token(n))
    answer = web.get(f"/v/{mailing.token(n)}")
    assert answer.status_code == 200
    assert answer.text == fill(a_letter().html, values)


def test_the_links_of_the_mail_are_those_of_its_own_delivery(mailing: SampleMailing, web: Any) -> None:
    shown = web.get(f"/v/{mailing.token()}").text
    for purpose in "upv":
        assert f'href="{BASE_URL}/{purpose}/{mailing.token()}"' in shown


def test_a_readers_name_is_never_markup(mailing: SampleMailing, web: Any) -> None:
    assert "Hello &lt;script&gt;alert(1)&lt;/script&gt; of" in web.get(f"/v/{mailing.token(3)}").text
    assert "Hello {{ 7*7 }} of" in web.get(f"/v/{mailing.token(4)}").text


def test_the_shown_mail_may_load_images_and_nothing_else(mailing: SampleMailing, web: Any) -> None:
    policy = web.get(f"/v/{mailing.token()}").headers["Content-Security-Policy"]
    assert policy == (
        "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'none'; "
        f"style-src 'unsafe-inline'; img-src {BASE_URL} https:"
    )


def test_a_stored_image_is_served_for_ever(web: Any) -> None:
    answer = web.get(f"/i/{IMAGE_NAME}")
    assert (answer.status_code, answer.content) == (200, a_picture().content)
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_who_has_an_image_is_told_so(web: Any) -> None:
    answer = web.get(f"/i/{IMAGE_NAME}")
    assert answer.headers["ETag"] == f'"{IMAGE_NAME}"'
    again = web.get(f"/i/{IMAGE_NAME}", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["Cache-Control"] == answer.headers["Cache-Control"]
    assert web.get("/i/none.png", headers={"If-None-Match": '"none.png"'}).status_code == 404
    head = web.head(f"/i/{IMAGE_NAME}")
    assert (head.status_code, head.headers["Content-Length"]) == (200, str(len(answer.content)))


@pytest.mark.parametrize("kind", ["text/html", "image/png; x", "image/svg+xml\r\nX: y", ""])
def test_what_is_no_image_is_never_served_as_one(mailing: SampleMailing, web: Any, kind: str) -> None:
    with mailing.store.write() as connection:
        connection.execute(update(tables.images).values(media_type=kind))
    assert web.get(f"/i/{IMAGE_NAME}").status_code == 404


@pytest.mark.parametrize(
    "name",
    [
        IMAGE_NAME.upper(),
        IMAGE_NAME + ".png",
        IMAGE_NAME[:-1] + "_",
        "%25",
        "..%2Fnewsletter.db",
        "..%2f..%2fetc%2fpasswd",
        "%2e%2e",
        "..%5c..%5cnewsletter.db",
        f"x%2f..%2f{IMAGE_NAME}",
        f".%2f{IMAGE_NAME}",
        f"%00{IMAGE_NAME}",
        f"{IMAGE_NAME}%0d%0aX:y",
        f"%EF%BC%8F{IMAGE_NAME}",
        "newsletter.db",
        f"{IMAGE_NAME}%00",
        f"{IMAGE_NAME}/",
        "a" * 5000,
    ],
)
def test_only_the_exact_name_of_a_stored_image_is_answered(web: Any, name: str) -> None:
    assert web.get(f"/i/{name}").status_code == 404


def test_a_correction_stands_above_the_mail_whose_bytes_stay(mailing: SampleMailing, web: Any) -> None:
    path = f"/v/{mailing.token(3)}"
    before = web.get(path).text
    with mailing.store.write() as connection:
        made = corrections.add(connection, "running", "Ten <miles>, not twenty.", NOW)
    shown = web.get(path).text
    note = page_of(shown).xpath("//body/*[1]/section")[0]
    assert [p.text for p in note.xpath("p")] == ["Correction, March 1, 2026", "Ten <miles>, not twenty."]
    head, body = before.index("</head>"), before.index("<body>") + len("<body>")
    assert shown.startswith(before[:head])
    assert before[head:body] in shown
    assert shown.endswith(before[body:])
    assert web.get(path).headers["Cache-Control"] == "no-store"
    with mailing.store.write() as connection:
        corrections.withdraw(connection, made.number, NOW)
    assert web.get(path).text == before


def test_another_notice_shows_its_bytes_and_nothing_of_its_reader(mailing: SampleMailing, web: Any) -> None:
    with mailing.store.write() as connection:
        number = notices.add(
            connection,
            cause="welcome 1",
            kind="welcome",
            identity_hash=mailing.keys.identity_hash("ada@example.org"),
            address="ada@example.org",
            fingerprint=a_letter().fingerprint,
            now=NOW,
        )
    shown = web.get(f"/v/{mailing.keys.token(DeliveryToken(mailing=NOTICES, n=number))}")
    assert shown.status_code == 200
    assert "Hello reader of" in shown.text
    assert web.get(f"/v/{mailing.keys.token(DeliveryToken(mailing=NOTICES, n=number + 1))}").status_code == 404


def test_links_have_the_same_token_under_three_paths() -> None:
    assert delivery_links("https://example.org/news", "TOKEN") == {
        "unsubscribe_url": "https://example.org/news/u/TOKEN",
        "preferences_url": "https://example.org/news/p/TOKEN",
        "view_url": "https://example.org/news/v/TOKEN",
    }
