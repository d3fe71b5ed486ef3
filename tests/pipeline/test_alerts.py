"""What the operator is told by mail: each cause once, none lost, in the newsletter's language."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from newsletter.model.duty import Alert
from newsletter.model.notice_mail import NoticeKind
from newsletter.pipeline.notices_made import NoticeMaker
from newsletter.pipeline.running.alerts import alert
from newsletter.store import notices
from tests.support.mailing import BEGIN
from tests.support.notices import NoticeSender, Post, place_at
from tests.support.readers import KEYS

if TYPE_CHECKING:
    from pathlib import Path

    from newsletter.settings import Workspace
    from newsletter.store.database import Store

LANGUAGES = ("en", "de", "es", "fr", "he")
FACTS = {"part": "mailbox", "why": "The server is away. Look at its host."}
OPS: dict[str, Any] = {"operator": {"address": "ops@example.org"}}


@pytest.fixture(scope="module")
def maker(tmp_path_factory: pytest.TempPathFactory) -> NoticeMaker:
    return NoticeMaker(place_at(tmp_path_factory.mktemp("alerts"), **OPS))


def ordered(store: Store, place: Workspace, what: str = Alert.FAILS, **facts: str) -> int | None:
    with store.write() as connection:
        return alert(connection, place, KEYS, what, facts or FACTS, BEGIN)


def about(store: Store, number: int) -> Any:
    with store.read() as connection:
        found = notices.find(connection, number)
    assert found is not None
    assert (found.kind, found.address) == (NoticeKind.ALERT, "ops@example.org")
    return found.about


def test_it_waits_for_the_operator(store: Store, tmp_path: Path) -> None:
    number = ordered(store, place_at(tmp_path, **OPS))
    assert number is not None
    assert about(store, number) == {"alert": "run-due-fails", "facts": FACTS}


def test_nobody_is_told_where_no_operator_is_named(store: Store, tmp_path: Path) -> None:
    assert ordered(store, place_at(tmp_path)) is None


def test_one_cause_is_told_once_however_its_words_change(store: Store, tmp_path: Path) -> None:
    place = place_at(tmp_path, **OPS)
    first = ordered(store, place, Alert.HELD, cause="mailing 3 approvals", why="an approval is missing")
    assert first is not None
    assert "cause" not in about(store, first)["facts"]
    assert ordered(store, place, Alert.HELD, cause="mailing 3 approvals", why="two approvals are missing") is None
    assert ordered(store, place, Alert.HELD, cause="mailing 4 approvals", why="an approval is missing") is not None
    assert ordered(store, place, Alert.MISSED, cause="mailing 3 approvals", why="too late") is not None


def test_none_of_many_in_a_day_is_lost(store: Store, tmp_path: Path) -> None:
    place = place_at(tmp_path, **OPS)
    assert None not in [ordered(store, place, cause=str(number)) for number in range(4 * notices.MOST_A_DAY)]


def test_it_is_sent_like_any_notice_and_not_a_day_too_late(store: Store, tmp_path: Path) -> None:
    post = Post(store, place_at(tmp_path, **OPS))
    ordered(store, post.place)
    sender = NoticeSender()
    assert post.notifier(sender).run(BEGIN).accepted == 1
    assert [one.address for one in sender.envelopes] == ["ops@example.org"]
    ordered(store, post.place, cause="another")
    assert post.notifier(sender).run(BEGIN + timedelta(days=1)).refused == 1


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("what", list(Alert))
def test_every_alert_has_a_headline_in_every_language(maker: NoticeMaker, what: Alert, language: str) -> None:
    facts = {"part": "mailbox", "mailing": "3", "issue": "walking", "why": "Look at it."}
    made = maker.made(NoticeKind.ALERT, language, (), {"alert": what, "facts": facts})
    assert (made.problems, made.rendered is not None) == ([], True)
    assert made.rendered is not None
    said = f"{made.rendered.subject}{made.rendered.text}"
    assert "Look at it." in said
    assert "{" not in said
    other = maker.made(NoticeKind.ALERT, "de" if language == "en" else "en", (), {"alert": what, "facts": facts})
    assert other.rendered is not None
    assert made.rendered.subject != other.rendered.subject


def test_what_it_says_is_no_markup(maker: NoticeMaker) -> None:
    why = "<b>x</b> *y* [z](https://example.org/) {{ first_name }}"
    made = maker.made(NoticeKind.ALERT, "en", (), {"alert": Alert.FAILS, "facts": {"part": "inbox", "why": why}})
    assert made.rendered is not None
    assert why in " ".join(str(part) for part in made.rendered.text)
    assert "<b>x</b>" not in str(made.rendered.html)


@pytest.mark.parametrize("odd", [{}, {"alert": "of-a-newer-version", "facts": {"x": "y"}}, {"facts": ["x"]}])
def test_one_of_another_version_is_told_all_the_same(maker: NoticeMaker, odd: dict[str, Any]) -> None:
    made = maker.made(NoticeKind.ALERT, "en", (), odd)
    assert (made.problems, made.rendered is not None) == ([], True)
