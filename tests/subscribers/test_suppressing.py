"""What a row of a file says of somebody who must not be mailed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.model.subscriber import SuppressionReason
from newsletter.model.suppressing import Suppressing
from newsletter.subscribers.suppressions.deciding import FOREIGN, SOFT, PassedOver, Reading, is_soft, whose
from newsletter.subscribers.suppressions.importing import address_column
from newsletter.subscribers.suppressions.kinds import ANY, KINDS, OUR_OWN, FileKind, kind_of
from tests.support.readers import KEYS, NOW, hash_of

BY_HAND, BAD, BOUNCE = SuppressionReason.BY_HAND, SuppressionReason.BAD_ADDRESS, SuppressionReason.HARD_BOUNCE
LEFT, COMPLAINT, ERASED = SuppressionReason.LEFT_EVERYTHING, SuppressionReason.COMPLAINT, SuppressionReason.ERASED
BOUNCES = ("status", "reason", "email", "created")
OURS = ("email", "reason", "source", "at", "hash", "key")


@pytest.mark.parametrize(
    ("name", "headings", "kind", "reason"),
    [
        ("suppression_bounces.csv", BOUNCES, "SendGrid bounces", BOUNCE),
        ("suppression_bounces (1).csv", BOUNCES, "SendGrid bounces", BOUNCE),
        ("suppression_blocks.csv", BOUNCES, "SendGrid blocks", None),
        ("suppression_invalid_emails.csv", ("reason", "email", "created"), "SendGrid invalid emails", BAD),
        ("download.csv", ("reason", "email", "created"), "SendGrid invalid emails", BAD),
        ("suppression_spam_reports.csv", ("ip", "email", "created"), "SendGrid spam reports", COMPLAINT),
        ("download.csv", ("ip", "email", "created"), "SendGrid spam reports", COMPLAINT),
        ("suppression_unsubscribes.csv", ("email", "created"), "SendGrid unsubscribes", LEFT),
        ("asm_groups_1234_suppressions.csv", ("email", "created"), "SendGrid group unsubscribes", LEFT),
        ("cleaned_email_audience_export_0a1b.csv", ("E-Mail", "CLEAN_TIME"), "Mailchimp cleaned", BOUNCE),
        ("cleaned_members_export_0a1b.csv", ("E-Mail",), "Mailchimp cleaned", BOUNCE),
        ("unsubscribed_email_audience_export_0a1b.csv", ("E-Mail",), "Mailchimp unsubscribed", LEFT),
        ("renamed.csv", ("Deine E-Mail Adresse", "UNSUB_TIME"), "Mailchimp unsubscribed", LEFT),
        ("subscribers.csv", ("uuid", "email", "name", "attributes", "status"), "listmonk blocklist", BY_HAND),
        ("anything.csv", OURS, OUR_OWN.name, None),
    ],
)
def test_a_file_is_known_by_its_name_or_its_headings(
    name: str, headings: tuple[str, ...], kind: str, reason: SuppressionReason | None
) -> None:
    found = kind_of(name, headings, None)
    assert (found.name, found.reason) == (kind, reason)


@pytest.mark.parametrize(
    ("name", "headings", "words"),
    [
        ("people.csv", ("email",), "--reason"),
        ("bounces.csv", ("email", "name"), "hard bounce"),
        ("export.csv", BOUNCES, "suppression_blocks.csv"),
        ("subscribed_email_audience_export_0a1b.csv", ("Email Address",), "are subscribed"),
        ("nonsubscribed_email_audience_export_0a1b.csv", ("Email Address",), "never asked"),
    ],
)
def test_who_cannot_be_told_why_is_not_suppressed_until_somebody_says(
    name: str, headings: tuple[str, ...], words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        kind_of(name, headings, None)
    assert isinstance(kind_of(name, headings, BY_HAND), FileKind)


def reading(
    name: str,
    headings: tuple[str, ...],
    reason: SuppressionReason | None = None,
    key: str = "ourkey",
) -> Reading:
    kind = kind_of(name, headings, reason)
    address, _ = address_column(headings, ())
    return Reading.of(headings, address, kind=kind, given=reason, identity_hash=KEYS.identity_hash, key=key, now=NOW)


def read(
    name: str, headings: tuple[str, ...], *cells: str, reason: SuppressionReason | None = None
) -> Suppressing | PassedOver:
    return reading(name, headings, reason).read(cells)


@pytest.mark.parametrize(
    ("status", "words", "soft"),
    [
        ("5.1.1", "no such user", False),
        ("4.4.7", "expired", True),
        ("4.2.2", "550 5.1.1 no such user", True),
        ("550", "", False),
        ("452", "", True),
        ("", "450 4.2.1 try later", True),
        ("", "550 5.1.1 <ada@example.org>, unknown", False),
        ("", "", False),
        ("4", "", False),
        ("40000", "", False),
        ("unknown", "4 people are here", False),
    ],
)
def test_bounces_for_now_are_told_from_those_for_good(status: str, words: str, soft: bool) -> None:
    assert is_soft(status, words) is soft


def test_a_bounce_for_good_suppresses_since_the_time_in_the_file() -> None:
    found = read(
        "suppression_bounces.csv", BOUNCES, "5.1.1", '550 "no such user",\nsorry', "Ada@Example.org", "1700000000"
    )
    assert found == Suppressing(
        identity_hash=hash_of("ada@example.org"),
        identity="ada@example.org",
        reason=BOUNCE,
        source="imported: SendGrid bounces",
        at=datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC),
    )


@pytest.mark.parametrize("given", [None, BOUNCE])
def test_a_bounce_for_now_is_passed_over(given: SuppressionReason | None) -> None:
    cells = ("4.4.7", "expired", "ada@example.org", "1700000000")
    assert read("suppression_bounces.csv", BOUNCES, *cells, reason=given) == PassedOver(SOFT)


def test_blocks_are_passed_over_unless_somebody_says_why() -> None:
    cells = ("5.7.1", "blocked", "ada@example.org", "1700000000")
    assert isinstance(read("suppression_blocks.csv", BOUNCES, *cells), PassedOver)
    said = read("suppression_blocks.csv", BOUNCES, *cells, reason=BY_HAND)
    assert isinstance(said, Suppressing)
    assert said.reason is BY_HAND


@pytest.mark.parametrize("given", [None, BY_HAND])
def test_of_listmonk_only_the_blocklisted_are_suppressed_since_the_row_changed(given: SuppressionReason | None) -> None:
    headings = ("uuid", "email", "name", "attributes", "status", "created_at", "updated_at")
    times = ("2024-01-01 00:00:00 +0000 +0000", "2026-11-02 10:11:12.123456 +0000 +0000")
    out = read("s.csv", headings, "1", "ada@example.org", "Ada", "{}", "blocklisted", *times, reason=given)
    assert isinstance(out, Suppressing)
    assert out.at == datetime(2026, 11, 2, 10, 11, 12, tzinfo=UTC)
    assert read("s.csv", headings, "1", "bob@example.org", "Bob", "{}", "enabled", *times, reason=given) == PassedOver(
        "not blocklisted in that file"
    )


def test_our_own_export_keeps_reason_source_and_time() -> None:
    found = read("x.csv", OURS, "'=ada@example.org", "complaint", "'=HYPERLINK", "2026-01-02T03:04:05+00:00", "ff", "k")
    assert isinstance(found, Suppressing)
    assert (found.identity, found.reason, found.source) == ("=ada@example.org", COMPLAINT, "=HYPERLINK")
    assert found.at == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


@pytest.mark.parametrize("reason", [ERASED, BY_HAND])
def test_of_who_has_no_address_any_more_our_own_export_has_the_hash(reason: SuppressionReason) -> None:
    cells = ("", reason.value, "erased", "2026-01-02T00:00:00+00:00", "0123456789abcdef" * 2)
    found = read("x.csv", OURS, *cells, "ourkey")
    assert isinstance(found, Suppressing)
    assert (found.identity_hash, found.identity, found.reason) == ("0123456789abcdef" * 2, None, reason)
    assert read("x.csv", OURS, *cells, "another") == PassedOver(FOREIGN)


def test_a_reason_that_is_none_is_told() -> None:
    with pytest.raises(ValueError, match="`dislike` is not a reason"):
        read("x.csv", OURS, "ada@example.org", "dislike", "", "", "", "")


def test_the_source_says_nothing_of_the_person() -> None:
    found = read("ada@example.org.csv", ("email", "reason"), "ada@example.org", "a knee", reason=BY_HAND)
    assert isinstance(found, Suppressing)
    assert found.source == f"imported: {ANY.name}"


def test_a_time_that_has_not_come_is_no_time() -> None:
    found = read("x.csv", ("email", "date"), "ada@example.org", "2999-01-01", reason=BY_HAND)
    assert isinstance(found, Suppressing)
    assert found.at is None


@pytest.mark.parametrize(
    ("text", "identity"),
    [
        ("Ada@Example.org", "ada@example.org"),
        ("Ada Example <Ada@Example.org>", "ada@example.org"),
        ("ada@exämple.org", "ada@xn--exmple-cua.org"),
        # nobody can be mailed there, and an import of readers would say so; kept out all the same
        ("adä@example.org", "adä@example.org"),
        ("ada..b@example.org", "ada..b@example.org"),
        ("ada@localhost", "ada@localhost"),
    ],
)
def test_bad_addresses_have_an_identity_too(text: str, identity: str) -> None:
    assert whose(text) == identity


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no address"),
        ("ada", "not an email address"),
        ("@example.org", "not an email address"),
        ("ada@", "not an email address"),
        ("ada b@example.org", "not an email address"),
        ("ada@example.org\nbob@example.org", "line break"),
        ("ada\u202e@example.org", "turns the direction"),
        ("ada@" + "ä" * 64 + ".org", "not a domain name"),
        ("a" * 400 + "@example.org", "too long"),
    ],
)
def test_what_means_nobody_is_rejected(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        whose(text)


@pytest.mark.parametrize(
    ("headings", "rows", "found"),
    [
        (("Name", "E-Mail"), [], (1, False)),
        (("ada@example.org",), [], (0, True)),
        (("Ada", "ada@example.org"), [], (1, True)),
        (("Wer", "Postfach"), [["Ada", "ada@example.org"], ["Bob", ""]], (1, False)),
    ],
)
def test_the_column_of_addresses_is_found(
    headings: tuple[str, ...], rows: list[list[str]], found: tuple[int, bool]
) -> None:
    assert address_column(headings, rows) == found


@pytest.mark.parametrize("rows", [[], [["a@example.org", "b@example.org"]], [["Ada", "Bob"]]])
def test_without_one_column_of_addresses_the_file_is_refused(rows: list[list[str]]) -> None:
    with pytest.raises(ValueError, match="call it `email`"):
        address_column(("Wer", "Wo"), rows)


CELLS = (
    st.text(max_size=30) | st.builds("{}@{}".format, st.text(max_size=8), st.text(max_size=12)) | st.integers().map(str)
)


@given(cells=st.lists(CELLS, max_size=8), kind=st.sampled_from((*KINDS, ANY)), given=st.sampled_from((None, BY_HAND)))
def test_whatever_stands_in_a_row_somebody_is_suppressed_or_it_is_said_why_not(
    cells: list[str], kind: FileKind, given: SuppressionReason | None
) -> None:
    headings = ("status", "reason", "email", "created", "source", "hash", "key")
    row = Reading.of(headings, 2, kind=kind, given=given, identity_hash=KEYS.identity_hash, key="ourkey", now=NOW)
    try:
        said = row.read(cells)
    except ValueError:
        return
    if isinstance(said, Suppressing):
        assert said.identity is None or said.identity_hash == hash_of(said.identity)
        assert said.at is None or said.at <= NOW
        assert "\n" not in (said.identity or "") + said.source
