"""Notices are worked off: none twice, none lost, each by itself. On both databases."""

from __future__ import annotations

import logging
import threading
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select, update

from newsletter.compose.slots import fill
from newsletter.errors import SecretMissing
from newsletter.keys import NOTICES, DeliveryToken
from newsletter.model.identity import identity
from newsletter.model.letter import Answer, Verdict
from newsletter.model.mailing import ChunkState
from newsletter.model.notice_mail import NoticeKind
from newsletter.model.subscriber import ConsentSource, OptIn, SuppressionReason
from newsletter.pipeline import notices_round
from newsletter.pipeline.joining import Joining, join
from newsletter.store import notices_waiting, rendered, suppressions
from newsletter.store import tables as t
from newsletter.store.people import consent, erasing
from newsletter.subscribers.consent import said_on_page
from tests.support.mailing import BEGIN
from tests.support.notices import ADA, NoticeSender, Post, place_at
from tests.support.readers import KEYS, hash_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from newsletter.model.letter import Envelope
    from newsletter.model.notice_mail import NoticeMail
    from newsletter.store.database import Store

NOT_REACHED = Answer(verdict=Verdict.TRY_LATER, detail="connection refused")


@pytest.fixture
def post(store: Store, tmp_path: Path) -> Post:
    return Post(store, place_at(tmp_path))


def always(answer: Answer, **how: Any) -> NoticeSender:
    return NoticeSender(script=lambda _envelopes: answer, **how)


def claim_as_a_process_that_dies(post: Post, number: int, sender: NoticeSender) -> None:
    def die(_envelopes: Sequence[Envelope]) -> Answer:
        raise KeyboardInterrupt

    sender.script = die
    with pytest.raises(KeyboardInterrupt):
        post.run(sender)
    sender.script = lambda _envelopes: Answer(verdict=Verdict.ACCEPTED)
    assert post.find(number).state is ChunkState.SUBMITTING


def test_a_confirmation_goes_to_the_address_with_its_own_link(post: Post) -> None:
    number, sender = post.order(), NoticeSender()
    came = post.run(sender)
    assert (came.accepted, came.more, came.waits) == (1, False, ())
    assert post.find(number).state is ChunkState.ACCEPTED
    (envelope,), (letter,) = sender.envelopes, sender.letters
    assert envelope.address == ADA
    link = f"https://news.example.org/c/{KEYS.token(DeliveryToken(mailing=NOTICES, n=number))}"
    for parts in (letter.rendered.html, letter.rendered.text):
        said = fill(parts, envelope.values)
        assert link in said
        assert "Healthy joints" in said
        assert "7 days" in said


def test_it_is_on_no_list_and_asked_for(post: Post) -> None:
    post.order()
    sender = NoticeSender()
    post.run(sender)
    (letter,) = sender.letters
    assert (letter.list_id, letter.asked_for, letter.opens, letter.clicks) == ("", True, False, False)


def test_its_bytes_are_stored_as_they_went(post: Post) -> None:
    number, sender = post.order(), NoticeSender()
    post.run(sender)
    with post.store.read() as connection:
        kept = rendered.load(connection, post.find(number).fingerprint or "")
    assert kept == sender.letters[0].rendered


def test_each_is_sent_once(post: Post) -> None:
    post.order()
    sender = NoticeSender()
    post.run(sender)
    post.later(days=1)
    assert post.run(sender).accepted == 0
    assert sender.calls == 1


def test_a_run_has_an_end_and_says_that_more_wait(post: Post) -> None:
    for number in range(3):
        post.order(address=f"reader{number}@example.org")
    sender = NoticeSender()
    first, second = post.run(sender, most=2), post.run(sender, most=2)
    assert (first.accepted, first.more) == (2, True)
    assert (second.accepted, second.more) == (1, False)


def test_two_processes_at_once_send_none_twice(post: Post) -> None:
    numbers = [post.order(address=f"reader{number}@example.org") for number in range(6)]
    both = threading.Barrier(2)
    senders = [NoticeSender(name="scripted"), NoticeSender(name="scripted")]

    def work(sender: NoticeSender) -> None:
        notifier = post.notifier(sender)
        both.wait(30)
        notifier.run(post.now)

    threads = [threading.Thread(target=work, args=(sender,)) for sender in senders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(senders[0].delivered + senders[1].delivered) == [f"reader{number}@example.org" for number in range(6)]
    assert {post.find(number).state for number in numbers} == {ChunkState.ACCEPTED}


def test_who_was_slower_leaves_it_to_the_other(post: Post) -> None:
    number = post.order()
    notice = post.find(number)
    with post.store.write() as connection:
        held = {"now": BEGIN, "held_until": BEGIN + timedelta(minutes=10), "sender": "scripted", "fingerprint": None}
        assert notices_waiting.claim(connection, notice, attempt="first", **held)  # type: ignore[arg-type]
        assert not notices_waiting.claim(connection, notice, attempt="second", **held)  # type: ignore[arg-type]


def test_after_a_definite_no_it_waits_longer_each_time(post: Post) -> None:
    number, sender = post.order(), always(NOT_REACHED)
    for tries, minutes in ((1, 1), (2, 5), (3, 15)):
        assert post.run(sender).put_off == 1
        found = post.find(number)
        assert (found.tries, found.not_before, found.detail) == (
            tries,
            post.now + timedelta(minutes=minutes),
            "connection refused",
        )
        assert post.run(sender).put_off == 0
        post.later(minutes=minutes)


def test_after_a_day_of_noes_it_is_refused(post: Post) -> None:
    number, sender = post.order(), always(NOT_REACHED)
    with post.store.write() as connection:
        connection.execute(t.notices.update().values(tries=27))
    assert post.run(sender).refused == 1
    assert post.find(number).state is ChunkState.REFUSED


@pytest.mark.parametrize(
    ("verdict", "state"), [(Verdict.REFUSED, ChunkState.REFUSED), (Verdict.UNCERTAIN, ChunkState.UNCERTAIN)]
)
def test_what_is_refused_or_uncertain_stays_so(post: Post, verdict: Verdict, state: ChunkState) -> None:
    number, sender = post.order(), always(Answer(verdict=verdict, detail="said so"))
    post.run(sender)
    post.later(hours=2)
    post.run(sender)
    assert (post.find(number).state, post.find(number).detail, sender.calls) == (state, "said so", 1)


def test_the_fallback_takes_over_after_a_while_of_trouble(post: Post) -> None:
    number, first, second = post.order(), always(NOT_REACHED), NoticeSender(name="second")
    notifier = post.notifier(first, second)
    for minutes in (1, 5, 15):
        notifier.run(post.now)
        post.later(minutes=minutes)
    assert (first.calls, second.calls) == (3, 0)
    assert notifier.run(post.now).accepted == 1
    assert second.delivered == [ADA]
    assert post.find(number).state is ChunkState.ACCEPTED


def test_without_a_right_to_send_they_wait_and_that_is_told_once(post: Post, caplog: pytest.LogCaptureFixture) -> None:
    numbers = [post.order(address=f"reader{number}@example.org") for number in range(2)]
    notifier = post.notifier(always(Answer(verdict=Verdict.NOT_AUTHORISED, detail="401")))
    with caplog.at_level(logging.ERROR):
        for _ in range(3):
            assert notifier.run(post.now).waits
            post.later(minutes=11)
    assert {post.find(number).state for number in numbers} == {ChunkState.PLANNED}
    assert len(caplog.records) == 1
    assert "example.org" not in caplog.text


def test_without_a_sender_they_wait(post: Post) -> None:
    number = post.order()

    def closed() -> tuple[NoticeSender, ...]:
        raise SecretMissing("SENDGRID_API_KEY")

    notifier = post.notifier()
    notifier.open_senders = closed
    (why,) = notifier.run(post.now).waits
    assert "SENDGRID_API_KEY" in why
    assert post.find(number).state is ChunkState.PLANNED


def test_real_mail_waits_until_everything_is_right(post: Post) -> None:
    """The sender's address is one for examples, which nobody can have; pages without https are not even asked."""
    numbers = [post.order(address=f"reader{number}@example.org") for number in range(2)]
    sender = NoticeSender(real=True, embeds=True)
    post.place = place_at(post.place.folder, base_url="http://news.example.org")
    (why,) = post.run(sender).waits
    assert "letters@example.org is an address for examples" in why
    assert sender.calls == 0
    assert {post.find(number).state for number in numbers} == {ChunkState.PLANNED}


def test_a_process_that_died_leaves_it_to_the_next_one_after_a_while(post: Post) -> None:
    number, sender = post.order(), NoticeSender(repeatable=True)
    claim_as_a_process_that_dies(post, number, sender)
    assert post.run(sender).accepted == 0
    post.later(hours=1)
    post.run(sender)
    assert post.run(sender).accepted == 1
    assert (sender.delivered, post.find(number).state) == ([ADA], ChunkState.ACCEPTED)


@pytest.mark.parametrize(
    ("remembered", "state"),
    [
        (Answer(verdict=Verdict.ACCEPTED), ChunkState.ACCEPTED),
        (Answer(verdict=Verdict.UNCERTAIN), ChunkState.UNCERTAIN),
        (NOT_REACHED, ChunkState.PLANNED),
    ],
)
def test_what_cannot_be_repeated_is_settled_by_what_the_sender_remembers(
    post: Post, remembered: Answer, state: ChunkState
) -> None:
    number, sender = post.order(), NoticeSender()
    claim_as_a_process_that_dies(post, number, sender)
    post.later(hours=1)
    sender.remembers = lambda _numbers: remembered
    post.run(sender)
    assert (post.find(number).state, sender.calls) == (state, 1)


def test_a_sender_that_is_gone_leaves_doubt(post: Post) -> None:
    number, sender = post.order(), NoticeSender(name="gone")
    claim_as_a_process_that_dies(post, number, sender)
    post.later(hours=1)
    post.run(NoticeSender())
    assert post.find(number).state is ChunkState.UNCERTAIN
    assert "gone is not set up any more" in post.find(number).detail


def test_a_fault_of_one_stops_no_other_and_names_nobody(post: Post, caplog: pytest.LogCaptureFixture) -> None:
    bad, good = post.order(address="bad@example.org"), post.order(address="good@example.org")

    def script(envelopes: Sequence[Envelope]) -> Answer:
        if envelopes[0].address == "bad@example.org":
            msg = "bad@example.org"
            raise RuntimeError(msg)
        return Answer(verdict=Verdict.ACCEPTED)

    came = post.run(NoticeSender(script=script))
    assert (came.accepted, came.waits) == (1, (f"notice {bad} failed: RuntimeError",))
    assert post.find(good).state is ChunkState.ACCEPTED
    assert "bad@example.org" not in caplog.text


@pytest.mark.parametrize("kind", [NoticeKind.CONFIRMATION, NoticeKind.LINKS, NoticeKind.DATA])
def test_who_was_suppressed_since_gets_only_their_data(post: Post, kind: NoticeKind) -> None:
    number, sender = post.order(kind), NoticeSender()
    with post.store.write() as connection:
        person = KEYS.identity_hash(identity(ADA))
        suppressions.add(connection, person, ADA, SuppressionReason.LEFT_EVERYTHING, "page", BEGIN)
    post.run(sender)
    found = post.find(number)
    told = (ChunkState.ACCEPTED, "", [ADA]) if kind is NoticeKind.DATA else (ChunkState.REFUSED, "suppressed", [])
    assert (found.state, found.detail, sender.delivered) == told


def test_who_was_erased_since_gets_nothing(post: Post) -> None:
    number, sender = post.order(), NoticeSender()
    with post.store.write() as connection:
        erasing.erase(connection, hash_of(ADA), ADA, BEGIN)
    assert post.run(sender).refused == 1
    assert (post.find(number).detail, sender.calls) == ("erased", 0)


def test_who_is_erased_while_it_is_made_is_not_written_to(post: Post) -> None:
    number = post.order()
    notice = post.find(number)
    with post.store.write() as connection:
        erasing.erase(connection, hash_of(ADA), ADA, BEGIN)
        held = {"now": BEGIN, "held_until": BEGIN, "sender": "scripted", "fingerprint": None}
        assert not notices_waiting.claim(connection, notice, attempt="late", **held)  # type: ignore[arg-type]


def test_one_whose_link_works_no_more_is_not_sent(post: Post) -> None:
    number, sender = post.order(NoticeKind.DATA), NoticeSender()
    post.later(hours=25)
    post.run(sender)
    assert sender.calls == 0
    assert post.find(number).detail.startswith("too late")


def test_a_mistake_in_a_text_of_the_workspace_lets_that_kind_wait(post: Post) -> None:
    folder = post.place.templates / "notices"
    folder.mkdir(parents=True)
    file = folder / "confirmation.en.md"
    file.write_text("---\nsubject: Hello\nwhy: You asked.\n---\n\nHello {{ confirm_link }}\n", encoding="utf-8")
    waits, goes = post.order(), post.order(NoticeKind.LINKS)
    notifier = post.notifier()
    (why,) = notifier.run(post.now).waits
    assert f"{file}:6" in why
    assert "confirm_url" in why
    assert post.find(waits).state is ChunkState.PLANNED
    assert post.find(waits).detail == why
    assert post.find(goes).state is ChunkState.ACCEPTED
    file.unlink()
    post.later(minutes=11)
    assert notifier.run(post.now).accepted == 1


def test_where_nothing_waits_nothing_is_opened(post: Post) -> None:
    notifier = post.notifier()
    notifier.open_senders = lambda: pytest.fail("opened")
    assert notifier.run(post.now) == type(notifier.run(post.now))()


def test_the_attempt_is_stored_before_the_provider_is_called(post: Post) -> None:
    number = post.order()
    seen: list[Any] = []

    def script(_envelopes: Sequence[Envelope]) -> Answer:
        with post.store.read() as connection:
            row = connection.execute(select(t.notices).where(t.notices.c.number == number)).one()
            seen.append((row.state, row.attempt, row.sender))
        return Answer(verdict=Verdict.ACCEPTED)

    sender = NoticeSender(script=script)
    post.run(sender)
    assert seen == [(ChunkState.SUBMITTING, sender.attempts[0], "scripted")]


def test_a_fault_holds_up_no_other_and_is_not_tried_again_at_once(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    bad = [post.order(address=f"{name}@example.org") for name in ("one", "two")]
    good = post.order(address="good@example.org")

    def titles(_connection: Any, notice: NoticeMail) -> tuple[str, ...]:
        if notice.number in bad:
            raise RuntimeError(notice.address)
        return ()

    monkeypatch.setattr(notices_round, "titles_of", titles)
    notifier = post.notifier(most=2)
    assert notifier.run(post.now).more
    assert not notifier.run(post.now).more
    assert post.find(good).state is ChunkState.ACCEPTED
    assert post.find(bad[0]).detail == "notice 1 failed: RuntimeError"
    assert notifier.run(post.now).waits == ()


@pytest.mark.parametrize("single", [True, False])
def test_who_left_meanwhile_is_neither_welcomed_nor_asked(post: Post, single: bool) -> None:
    """By the link of an earlier mail, while the provider did not answer for some hours."""
    with post.store.write() as connection:
        connection.execute(update(t.lists).values(opt_in=OptIn.SINGLE if single else OptIn.DOUBLE))
        said = said_on_page(post.place.settings.consent, post.now, wording="Yes")
        wanted = Joining(address=ADA, lists=(post.news,), said=said)
        joined = join(connection, KEYS, wanted, welcome=True, now=post.now)
        assert joined.person
        consent.leave(connection, joined.person.number, [post.news], ConsentSource.ONE_CLICK, None, post.now)
    sender = NoticeSender()
    assert post.run(sender).refused == 1
    assert sender.letters == []
    (number,) = joined.notices
    assert post.find(number).detail == "they left"


def test_a_late_answer_settles_its_own_doubt_and_that_of_no_other_attempt(post: Post) -> None:
    number = post.order()
    post.run(always(Answer(verdict=Verdict.UNCERTAIN, detail="the line was cut")))
    assert post.find(number).state is ChunkState.UNCERTAIN
    with post.store.write() as connection:
        attempt = connection.execute(select(t.notices.c.attempt)).scalar_one()
        accepted = ChunkState.ACCEPTED
        assert not notices_waiting.settle(connection, number, "of another process", accepted, post.now)
        assert notices_waiting.settle(connection, number, attempt, accepted, post.now)
        assert not notices_waiting.settle(connection, number, attempt, ChunkState.REFUSED, post.now)
    assert post.find(number).state is ChunkState.ACCEPTED


def test_an_outage_is_logged_once(post: Post, caplog: pytest.LogCaptureFixture) -> None:
    for _ in range(3):
        post.order()
    notifier = post.notifier(always(NOT_REACHED))
    notifier.run(post.now)
    notifier.run(post.now + timedelta(minutes=5))
    assert [record.message.partition(":")[0] for record in caplog.records] == ["a provider is away or busy"]
