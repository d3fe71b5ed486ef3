"""What every sender promises. A new one joins by an entry in BENCHES: how to make it, and what readers then find."""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from email import message_from_bytes, policy
from typing import TYPE_CHECKING, Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsletter.compose.escaping import one_line
from newsletter.compose.slots import fill
from newsletter.esp.outbox import Outbox
from newsletter.esp.sendgrid.sender import SendGridSender
from newsletter.esp.smtp.sender import SmtpSender
from newsletter.model.letter import Verdict
from newsletter.model.rendered import ImageFile
from newsletter.settings.schema import SendGridSection, SmtpSection
from tests.compose.letters import HOSTILE, HTML, SUBJECT, TEXT, as_name, display_name, envelope, in_html, letter
from tests.fakes.sendgrid import KEY, FakeSendGrid
from tests.fakes.smtp import FakeSmtp

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from contextlib import AbstractContextManager
    from email.message import EmailMessage
    from pathlib import Path

    from newsletter.deliver.ports import Sender
    from newsletter.model.letter import Envelope


@dataclass(frozen=True, kw_only=True)
class Received:
    """One mail in a reader's inbox, decoded. Header names are in lower case."""

    address: str
    name: str
    subject: str
    text: str
    html: str
    headers: Mapping[str, str]
    #: content of the images inside, by their ids without brackets
    images: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Bench:
    """A sender, what has come of what it sent, and how it writes a name."""

    sender: Sender
    inbox: Callable[[], list[Received]]
    name: Callable[[str], str] = as_name
    #: whether it notes opens and clicks when it is asked to
    tracks: bool = False


@contextmanager
def outbox(folder: Path) -> Iterator[Bench]:
    def inbox() -> list[Received]:
        return [from_eml(path.read_bytes()) for path in sorted(folder.rglob("*.eml"))]

    yield Bench(sender=Outbox(folder), inbox=inbox)


@contextmanager
def sendgrid(folder: Path) -> Iterator[Bench]:
    del folder
    with FakeSendGrid() as fake:
        settings = SendGridSection(host=fake.url)
        sender = SendGridSender(settings, KEY)
        yield Bench(sender=sender, inbox=lambda: from_fake(fake), name=without_separators, tracks=True)
        assert fake.faults == []


@contextmanager
def smtp(folder: Path) -> Iterator[Bench]:
    with FakeSmtp() as fake:
        settings = SmtpSection(port=fake.port, rehearsal=True)
        sender = SmtpSender(settings, journal=folder / "journal", sender="letters@example.org")
        read: list[Received] = []

        def inbox() -> list[Received]:
            read.extend(from_eml(mail.content) for mail in fake.mails[len(read) :])
            return read.copy()

        yield Bench(sender=sender, inbox=inbox)
        sender.close()


BENCHES: Mapping[str, Callable[[Path], AbstractContextManager[Bench]]] = {
    "outbox": outbox,
    "sendgrid": sendgrid,
    "smtp": smtp,
}


def from_eml(raw: bytes) -> Received:
    message: EmailMessage = message_from_bytes(raw, policy=policy.default)
    text, html = (body_of(message, kind) for kind in ("plain", "html"))
    images = [part for part in message.walk() if part.get_content_maintype() == "image"]
    return Received(
        address=message["To"].addresses[0].addr_spec,
        name=display_name(raw, "To"),
        subject=message["Subject"],
        text=text,
        html=html,
        headers={name.lower(): str(value) for name, value in message.items()},
        images={part["Content-ID"].strip("<>"): part.get_content() for part in images},
    )


def body_of(message: EmailMessage, kind: Literal["plain", "html"]) -> str:
    part = message.get_body((kind,))
    assert part is not None
    content: str = part.get_content()
    return content.replace("\r\n", "\n")


def from_fake(fake: FakeSendGrid) -> list[Received]:
    return [
        Received(
            address=mail.address,
            name=mail.name,
            subject=mail.subject,
            text=mail.text,
            html=mail.html,
            headers={name.lower(): value for name, value in mail.headers.items()},
        )
        for mail in fake.mails
    ]


def without_separators(name: str) -> str:
    """SendGrid allows no `,` and `;` in a name, and we leave one out that is very long."""
    plain = re.sub(r"[;,\s]+", " ", one_line(name)).strip()
    return plain if len(plain) <= 255 else ""


@pytest.fixture(params=BENCHES.values(), ids=list(BENCHES))
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    with request.param(tmp_path / "mail") as made:
        yield made


def expected(bench: Bench, own: Envelope) -> Received:
    """The mail by the definition: parts filled with the reader's own values."""
    return Received(
        address=own.address,
        name=bench.name(own.name),
        subject=one_line(fill(SUBJECT, own.values)),
        text=fill(TEXT, own.values),
        html=in_html(HTML, own.values),
        headers={},
    )


def without_headers(mail: Received) -> tuple[str, ...]:
    return (mail.address, mail.name, mail.subject.strip(), mail.text, mail.html)


def hostile_readers() -> list[Envelope]:
    return [
        envelope(n, name=value, values={"first_name": value, "city": value})
        for n, value in enumerate(HOSTILE.values(), 1)
    ]


def test_it_has_all_that_the_engine_asks_for(bench: Bench) -> None:
    sender = bench.sender
    assert re.fullmatch(r"[a-z][a-z0-9_-]*", sender.name)
    assert 1 <= sender.chunk_size <= 1000
    assert 1 <= sender.in_flight <= 64
    assert sender.real is False  # nothing in a test may reach people
    assert isinstance(sender.repeatable, bool)
    assert isinstance(sender.embeds, bool)
    sender.close()


@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_reader_is_shown_literally_beside_an_ordinary_one(bench: Bench, name: str) -> None:
    pair = [envelope(1), envelope(2, name=name, values={"first_name": name, "city": name})]
    assert bench.sender.submit(letter(), "attempt-1", pair).verdict is Verdict.ACCEPTED
    assert [without_headers(mail) for mail in bench.inbox()] == [without_headers(expected(bench, own)) for own in pair]


def test_all_hostile_readers_together_do_no_harm_to_each_other(bench: Bench) -> None:
    readers = hostile_readers()
    assert bench.sender.submit(letter(), "attempt-1", readers).verdict is Verdict.ACCEPTED
    mails = bench.inbox()
    assert [without_headers(mail) for mail in mails] == [without_headers(expected(bench, own)) for own in readers]
    for mail in mails:
        assert "<script" not in mail.html
        assert 'onmouseover="' not in mail.html
        assert not {"bcc", "x-evil"} & mail.headers.keys()
        assert "\n" not in f"{mail.subject}{mail.name}{''.join(mail.headers.values())}"


def test_each_reader_gets_the_links_of_nobody_else(bench: Bench) -> None:
    bench.sender.submit(letter(), "attempt-1", [envelope(n) for n in range(1, 13)])
    for n, mail in enumerate(bench.inbox(), 1):
        everything = f"{mail.text}{mail.html}{mail.headers}"
        assert mail.address == f"reader{n}@example.net"
        assert set(re.findall(r"AQAAAAcAAAAB(\d{4})abcdefghijKLMNop", everything)) == {f"{n:04}"}
        assert len(re.findall(r"https://news\.example\.org/[upv]/", everything)) == 7


def test_nothing_of_one_reader_shows_in_the_mail_of_another(bench: Bench) -> None:
    readers = [
        envelope(n, name=f"Name{n:03}x", values={"first_name": f"First{n:03}x", "city": f"City{n:03}x"})
        for n in range(1, 20)
    ]
    bench.sender.submit(letter(), "attempt-1", readers)
    for n, mail in enumerate(bench.inbox(), 1):
        shown = re.findall(r"(?:Name|First|City)(\d{3})x|reader(\d+)@", repr(mail))
        assert {int(one or other) for one, other in shown} == {n}


def test_every_list_mail_says_how_to_leave(bench: Bench) -> None:
    bench.sender.submit(letter(), "attempt-1", [envelope(1), envelope(2)])
    for n, mail in enumerate(bench.inbox(), 1):
        link = f"<https://news.example.org/u/AQAAAAcAAAAB{n:04}abcdefghijKLMNop>"
        assert mail.headers["list-unsubscribe"] == link
        assert mail.headers["list-unsubscribe-post"] == "List-Unsubscribe=One-Click"
        assert mail.headers["list-id"] == "<friends.news.example.org>"


def test_a_mailbox_that_takes_readers_off_the_list_stands_behind_the_page(bench: Bench) -> None:
    own = replace(envelope(7), leave_address="leave+AbC-12_3@example.org")
    assert bench.sender.submit(letter(), "attempt-1", [own]).verdict is Verdict.ACCEPTED
    page = "<https://news.example.org/u/AQAAAAcAAAAB0007abcdefghijKLMNop>"
    mailbox = "<mailto:leave+AbC-12_3@example.org?subject=unsubscribe>"
    assert bench.inbox()[0].headers["list-unsubscribe"] == f"{page}, {mailbox}"


def test_opens_and_clicks_are_noted_or_it_says_that_they_are_not(bench: Bench) -> None:
    said = bench.sender.remarks(replace(letter(), opens=True, clicks=True))
    assert any("notes no opens and clicks" in one for one in said) is not bench.tracks
    assert not any("opens" in one for one in bench.sender.remarks(letter()))
    assert "@" not in "".join(said)


def test_what_was_taken_is_never_recalled_as_not_begun(bench: Bench) -> None:
    bench.sender.submit(letter(), "attempt-1", [envelope(1), envelope(2)])
    for attempt in ("attempt-1", "attempt that was never made"):
        answer = bench.sender.recall(attempt, [1, 2])
        known = answer.taken | answer.doubtful.keys()
        assert answer.verdict is Verdict.UNCERTAIN or (answer.verdict is Verdict.TRY_LATER and known == {1, 2})
        assert answer.taken <= {1, 2}
    assert not bench.sender.recall("attempt that was never made", [1, 2]).taken


def test_images_arrive_inside_the_mail_or_stay_on_the_web(bench: Bench) -> None:
    at, name = "https://news.example.org/i/", "0123456789abcdef.png"
    picture = ImageFile(name=name, media_type="image/png", content=bytes(range(256)))
    html = (*HTML, f'<img src="{at}{name}" alt="A knee">')
    given = replace(letter(html=html), pictures=(picture,), pictures_url=at)
    assert bench.sender.submit(given, "attempt-1", [envelope(1), envelope(2)]).verdict is Verdict.ACCEPTED
    for n, mail in enumerate(bench.inbox(), 1):
        whole = in_html(html, envelope(n).values)
        if bench.sender.embeds:
            ((own, content),) = mail.images.items()
            assert content == picture.content
            assert mail.html == whole.replace(f"{at}{name}", f"cid:{own}")
        else:
            assert (mail.html, mail.images) == (whole, {})


def test_a_notice_says_nothing_about_lists(bench: Bench) -> None:
    bench.sender.submit(letter(list_id="", mailing="notices"), "attempt-1", [envelope()])
    assert [name for name in bench.inbox()[0].headers if name.startswith("list-")] == []


def test_a_reader_who_cannot_be_written_to_is_named_and_nobody_is_sent_to(bench: Bench) -> None:
    readers = [envelope(1), envelope(2, address="jörg@example.org"), envelope(3, values={"unsubscribe_url": "#"})]
    answer = bench.sender.submit(letter(), "attempt-1", readers)
    assert (answer.verdict, sorted(answer.blamed)) == (Verdict.BLAMED, [2, 3])
    assert "@example" not in f"{answer.detail}{answer.blamed}"
    assert bench.inbox() == []


def test_a_letter_that_nobody_can_be_sent_is_refused(bench: Bench) -> None:
    answer = bench.sender.submit(letter(from_address="no address"), "attempt-1", [envelope()])
    assert answer.verdict is Verdict.REFUSED
    assert bench.inbox() == []


def test_an_empty_chunk_is_accepted(bench: Bench) -> None:
    assert bench.sender.submit(letter(), "attempt-1", []).verdict is Verdict.ACCEPTED
    assert bench.inbox() == []


def test_what_is_called_repeatable_may_be_repeated(bench: Bench) -> None:
    readers, given = hostile_readers(), letter()
    bench.sender.submit(given, "attempt-1", readers[:7])
    first = bench.inbox()
    bench.sender.submit(given, "attempt-2", readers)
    if bench.sender.repeatable:
        assert bench.inbox()[:7] == first
        assert len(bench.inbox()) == len(readers)
    else:
        assert len(bench.inbox()) == 7 + len(readers)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values=st.lists(st.text(max_size=50), min_size=1, max_size=4))
def test_any_name_at_all_reaches_its_reader_as_it_is(bench: Bench, values: list[str]) -> None:
    readers = [envelope(n, name=v, values={"first_name": v, "city": v}) for n, v in enumerate(values, 1)]
    before = len(bench.inbox()) if not bench.sender.repeatable else 0
    assert bench.sender.submit(letter(), "attempt-1", readers).verdict is Verdict.ACCEPTED
    mails = bench.inbox()[before : before + len(readers)]
    assert [without_headers(mail) for mail in mails] == [without_headers(expected(bench, own)) for own in readers]
