"""The SendGrid account beside sending: whom it holds back, and whether it signs for a domain."""

from __future__ import annotations

import socket
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from newsletter.errors import ProviderFailed
from newsletter.esp.sendgrid import suppressions
from newsletter.esp.sendgrid.account import Account
from newsletter.esp.sendgrid.client import Api
from newsletter.esp.sendgrid.domains import why_not_aligned
from newsletter.esp.sendgrid.sender import SendGridSender
from newsletter.esp.sendgrid.suppressions import SendGridSuppressions
from newsletter.model.subscriber import SuppressionReason
from newsletter.settings.schema import SendGridSection
from tests.fakes.sendgrid import KEY, Behaviour, FakeSendGrid

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.model.mirror import HeldBack

MAY = 1_780_000_000
ADA = "ada@example.org"


@pytest.fixture
def fake() -> Iterator[FakeSendGrid]:
    with FakeSendGrid() as server:
        yield server


@pytest.fixture
def waits() -> list[float]:
    return []


@pytest.fixture
def mirror(fake: FakeSendGrid, waits: list[float]) -> SendGridSuppressions:
    return mirror_of(fake.url, waits)


def mirror_of(url: str, waits: list[float], key: str = KEY) -> SendGridSuppressions:
    return SendGridSuppressions(Account(Api(key, url, 5.0), waits.append))


def everybody(mirror: SendGridSuppressions) -> list[HeldBack]:
    return [entry for page in mirror.pull() for entry in page]


def test_everybody_is_pulled_with_reason_and_time_but_for_blocks(
    fake: FakeSendGrid, mirror: SendGridSuppressions
) -> None:
    for name in ("unsubscribes", "bounces", "spam_reports", "invalid_emails", "blocks"):
        fake.suppressions.add(name, f"{name}@example.org", MAY)
    at = datetime.fromtimestamp(MAY, UTC)
    assert {(entry.address, entry.reason, entry.at) for entry in everybody(mirror)} == {
        ("unsubscribes@example.org", SuppressionReason.LEFT_EVERYTHING, at),
        ("bounces@example.org", SuppressionReason.HARD_BOUNCE, at),
        ("spam_reports@example.org", SuppressionReason.COMPLAINT, at),
        ("invalid_emails@example.org", SuppressionReason.BAD_ADDRESS, at),
    }


def test_pages_are_turned_to_the_end(
    fake: FakeSendGrid, mirror: SendGridSuppressions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(suppressions, "PAGE", 3)
    for n in range(10):
        fake.suppressions.add("bounces", f"reader{n}@example.org", MAY - n)
    assert [entry.address for entry in everybody(mirror)] == [f"reader{n}@example.org" for n in range(10)]


def test_the_status_of_a_bounce_comes_along(fake: FakeSendGrid, mirror: SendGridSuppressions) -> None:
    fake.suppressions.add("bounces", ADA, MAY)
    (entry,) = everybody(mirror)
    assert (entry.status, entry.words) == ("5.1.1", "550 5.1.1 no such user")


class Scripted:
    """An account that lists these for the bounces, whatever is asked for."""

    def __init__(self, *pages: object) -> None:
        self.pages = list(pages)

    def get(self, path: tuple[str, ...], *_: object, **__: object) -> object:
        return (self.pages.pop(0) if len(self.pages) > 1 else self.pages[0]) if path[-1] == "bounces" else []


@pytest.mark.parametrize(
    "item",
    [None, 3, "ada", {}, {"email": None}, {"email": 3, "created": "x"}, {"email": "a@b", "created": 10**30}, [[]]],
)
def test_entries_that_nobody_can_read_are_handed_on_and_stop_nothing(item: object) -> None:
    mirror = SendGridSuppressions(Scripted([item, {"email": ADA, "created": True}], []))  # type: ignore[arg-type]
    assert [(entry.address, entry.at) for entry in everybody(mirror)][1] == (ADA, None)


def test_who_does_not_turn_pages_is_read_once() -> None:
    mirror = SendGridSuppressions(Scripted([{"email": ADA}]))  # type: ignore[arg-type]
    assert len(everybody(mirror)) == 1


def test_an_answer_that_is_no_list_is_not_taken_for_nobody() -> None:
    with pytest.raises(ProviderFailed, match="not one of its API"):
        everybody(SendGridSuppressions(Scripted({})))  # type: ignore[arg-type]


def test_people_are_told_to_sendgrid(fake: FakeSendGrid, mirror: SendGridSuppressions) -> None:
    people = [f"reader{n}@example.org" for n in range(1203)]
    assert list(mirror.push(people)) == []
    assert sorted(fake.suppressions.addresses("unsubscribes")) == sorted(people)


def test_one_that_sendgrid_does_not_take_keeps_nobody_else_away(
    fake: FakeSendGrid, mirror: SendGridSuppressions
) -> None:
    people = [f"reader{n}@example.org" for n in range(40)]
    wrong = f"{'x' * 70}@example.org"
    assert list(mirror.push([*people[:13], wrong, *people[13:]])) == [wrong]
    assert sorted(fake.suppressions.addresses("unsubscribes")) == sorted(people)


def test_where_all_are_refused_it_is_not_the_addresses(mirror: SendGridSuppressions) -> None:
    with pytest.raises(ProviderFailed):
        mirror.push([f"{'x' * 70}@{n}.example.org" for n in range(300)])


def test_a_push_that_fails_is_not_repeated(
    fake: FakeSendGrid, mirror: SendGridSuppressions, waits: list[float]
) -> None:
    fake.api_faults.next(Behaviour.ERROR_UNTAKEN)
    with pytest.raises(ProviderFailed):
        mirror.push([ADA])
    assert (waits, fake.suppressions.addresses("unsubscribes")) == ([], [])


@pytest.mark.parametrize(
    ("behaviour", "certain"),
    [
        (Behaviour.FORBIDDEN, True),
        (Behaviour.BUSY, True),
        (Behaviour.ERROR, False),
        (Behaviour.TIMEOUT, False),
        (Behaviour.DROP, False),
    ],
)
def test_a_failure_says_whether_it_is_certain_that_nothing_was_done(
    fake: FakeSendGrid, mirror: SendGridSuppressions, behaviour: Behaviour, certain: bool
) -> None:
    fake.api_faults.next(behaviour)
    with pytest.raises(ProviderFailed) as failed:
        mirror.push([ADA])
    assert failed.value.certain is certain
    people = [f"reader{n}@example.org" for n in range(1203)]
    fake.api_faults.next(Behaviour.ACCEPT, behaviour)
    with pytest.raises(ProviderFailed) as failed:
        mirror.push(people)
    assert not failed.value.certain


@pytest.mark.parametrize("address", [ADA, "a/b?c#d%e+f@example.org", "o'neil&co@example.org"])
def test_an_address_is_forgotten_wherever_it_is_held(
    fake: FakeSendGrid, mirror: SendGridSuppressions, address: str
) -> None:
    lists = ("unsubscribes", "bounces", "blocks", "spam_reports", "invalid_emails")
    for name in lists:
        fake.suppressions.add(name, address)
        fake.suppressions.add(name, "bob@example.org")
    assert mirror.forget(address)
    assert [fake.suppressions.addresses(name) for name in lists] == [["bob@example.org"]] * 5
    assert not mirror.forget(address)


def test_what_was_told_is_taken_back_and_what_sendgrid_knows_itself_stays(
    fake: FakeSendGrid, mirror: SendGridSuppressions
) -> None:
    mirror.push([ADA, "bob@example.org"])
    fake.suppressions.add("bounces", ADA)
    mirror.take_back(ADA)
    assert fake.suppressions.addresses("unsubscribes") == ["bob@example.org"]
    assert fake.suppressions.addresses("bounces") == [ADA]


@pytest.mark.parametrize("fault", [Behaviour.BUSY_RETRY_AFTER, Behaviour.UNAVAILABLE_UNTAKEN, Behaviour.DROP])
def test_what_can_be_repeated_is(
    fake: FakeSendGrid, mirror: SendGridSuppressions, waits: list[float], fault: Behaviour
) -> None:
    fake.suppressions.add("bounces", ADA)
    fake.api_faults.next(fault, fault)
    assert [entry.address for entry in everybody(mirror)] == [ADA]
    assert len(waits) == 2
    if fault is Behaviour.BUSY_RETRY_AFTER:
        assert waits == [7, 7]
    fake.api_faults.next(fault)
    mirror.forget(ADA)
    assert fake.suppressions.addresses("bounces") == []


def test_patience_ends(fake: FakeSendGrid, mirror: SendGridSuppressions, waits: list[float]) -> None:
    fake.api_faults.shares = {Behaviour.UNAVAILABLE_UNTAKEN: 1.0}
    with pytest.raises(ProviderFailed, match="503"):
        everybody(mirror)
    assert 2 <= len(waits) <= 5
    assert sum(waits) < 240


def test_who_is_not_there_is_said_without_the_address(waits: list[float]) -> None:
    with closing(socket.socket()) as unused:
        unused.bind(("127.0.0.1", 0))
        mirror = mirror_of(f"http://127.0.0.1:{unused.getsockname()[1]}", waits)
        with pytest.raises(ProviderFailed, match="refused") as said:
            mirror.forget(ADA)
    assert "ada" not in f"{said.value}{said.value.next_step}"


def test_a_key_without_the_right_is_told_which_it_needs(fake: FakeSendGrid, waits: list[float]) -> None:
    fake.keys["SG.mail-only"] = frozenset({"mail.send"})
    with pytest.raises(ProviderFailed, match="does not let this key") as said:
        everybody(mirror_of(fake.url, waits, "SG.mail-only"))
    assert "Suppressions" in said.value.next_step
    assert waits == []


def test_a_host_that_is_not_the_api_is_said_to_be_wrong(fake: FakeSendGrid, waits: list[float]) -> None:
    elsewhere = mirror_of(f"{fake.url}/elsewhere", waits)
    for call in (lambda: everybody(elsewhere), lambda: elsewhere.push([ADA]), lambda: elsewhere.forget(ADA)):
        with pytest.raises(ProviderFailed) as said:
            call()
        assert "esp.sendgrid.host" in said.value.next_step


def why(fake: FakeSendGrid, address: str, key: str = KEY) -> str:
    return SendGridSender(SendGridSection(host=fake.url), key).why_unaligned(address)


@pytest.mark.parametrize(
    ("domains", "address", "said"),
    [
        ({"example.org": True}, "a@example.org", ""),
        ({"example.org": True}, "a@News.Example.org", ""),
        ({"em.example.org": True}, "a@example.org", ""),
        ({"example.net": True, "example.org": True}, "a@example.org", ""),
        ({"xn--bcher-kva.example": True}, "a@bücher.example", ""),
        ({"example.org": False}, "a@example.org", "not verified"),
        ({"example.net": True, "example.org": False}, "a@example.org", "not verified"),
        ({"example.net": True}, "a@example.org", "other domains"),
        ({"notexample.org": True}, "a@example.org", "other domains"),
    ],
)
def test_a_domain_is_aligned_where_the_account_signs_for_it(
    fake: FakeSendGrid, domains: dict[str, bool], address: str, said: str
) -> None:
    fake.account.domains = domains
    assert said in why(fake, address)
    assert bool(said) == bool(why(fake, address))


def test_a_single_sender_is_not_signed_for(fake: FakeSendGrid) -> None:
    fake.account.domains = {}
    fake.account.senders = ["Letters@example.org"]
    assert "single sender" in why(fake, "letters@example.org")
    assert why(fake, "other@example.org") == ""  # the domain of a parent account is not listed


@pytest.mark.parametrize("fault", [Behaviour.DROP, Behaviour.UNAVAILABLE, Behaviour.WEB_PAGE, Behaviour.REDIRECT])
def test_who_does_not_answer_says_nothing_about_domains(fake: FakeSendGrid, fault: Behaviour) -> None:
    fake.account.domains = {"example.net": True}
    fake.api_faults.next(fault)
    assert why(fake, "a@example.org") == ""


def test_a_key_that_may_not_look_says_nothing_about_domains(fake: FakeSendGrid) -> None:
    fake.account.domains = {"example.net": True}
    fake.keys["SG.mail-only"] = frozenset({"mail.send"})
    assert why_not_aligned(Api("SG.mail-only", fake.url, 5.0), "a@example.org") is None
    assert why(fake, "a@example.org")
