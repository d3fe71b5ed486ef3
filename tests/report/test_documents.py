"""What a report says, and what it leaves unsaid: no invented rate, nothing of few, the unknown in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from newsletter.model.event import Fate
from newsletter.model.mailing import Mailing, MailingState, Outcome, Tally
from newsletter.model.reporting import Course, Fared, Growth, Left, Link, ListFacts, MailingFacts, Noted
from newsletter.model.segment import Engagement
from newsletter.model.subscriber import ConsentSource, MailingList, SubscriptionStatus
from newsletter.report import listing, mailing
from newsletter.report.around import Around
from newsletter.report.exports import as_json, csv_rows
from newsletter.report.figures import Share

if TYPE_CHECKING:
    from newsletter.report.document import Document, Section

NOW = datetime(2026, 12, 9, tzinfo=UTC)
BEGUN = datetime(2026, 12, 1, 9, tzinfo=UTC)
AROUND = Around(newsletter="Test Letters", zone=UTC, now=NOW, telling_all=("sendgrid",), tracking=True)
PLAIN = MailingFacts(
    mailing=Mailing(
        number=3,
        link_number=1,
        issue="walking",
        fingerprint="f",
        variants={"": "f"},
        lists=("news",),
        state=MailingState.FINISHED,
        created_at=BEGUN,
        started_at=BEGUN,
        finished_at=BEGUN,
        sender="sendgrid",
        real=True,
    ),
    tally=Tally(audience=100, outcomes={Outcome.ACCEPTED: 100}),
    through={"sendgrid": 100},
    refusals={},
    fates={Fate.DELIVERED: 96, Fate.HARD_BOUNCE: 4},
    course=Course(interval=timedelta(minutes=1), handed_over={BEGUN: 100}),
    domains={"example.org": {Fate.DELIVERED: 96}, "": {Fate.HARD_BOUNCE: 4}},
    returned=(),
    left=Left(),
    noted=Noted(),
    links=(),
    variants={"": 100},
    variant_fates={},
    before=(),
    corrections=(),
    waivers=(),
)


def report(around: Around = AROUND, **changed: Any) -> Document:
    return mailing.report_of(replace(PLAIN, **changed), around)


def section(document: Document, key: str) -> Section:
    return next(one for one in document.sections if one.key == key)


def words(document: Document) -> str:
    said = [*document.warnings, *document.unknown, *(one for part in document.sections for one in part.says)]
    return " ".join(said)


def test_a_sum_that_does_not_hold_comes_first() -> None:
    document = report(tally=Tally(audience=101, outcomes={Outcome.ACCEPTED: 100}))
    assert document.warnings[0].startswith("The sum does not hold: 100")
    assert "every reader of the audience is accounted for" in words(report())


COUNTS = some.integers(0, 500)


@given(some.dictionaries(some.sampled_from(list(Fate)), COUNTS), COUNTS, COUNTS)
def test_shares_add_up_to_their_whole(fates: dict[Fate, int], accepted: int, left: int) -> None:
    document = report(
        fates=fates, tally=Tally(audience=accepted, outcomes={Outcome.ACCEPTED: accepted}), left=Left(people=left)
    )
    for one in document.sections:
        for row in one.table.rows if one.table else ():
            assert all(cell.part <= cell.whole for cell in row if isinstance(cell, Share))
    table = next((one.table for one in document.sections if one.key == "fates"), None)
    shares = [row[1] for row in table.rows if isinstance(row[1], Share)] if table else []
    assert sum(share.part for share in shares) in {0, *(share.whole for share in shares)}
    assert as_json(document)
    assert [*csv_rows(document)]


def test_complaints_are_a_share_of_the_delivered_beside_the_lines_of_gmail_and_yahoo() -> None:
    document = report(fates={Fate.DELIVERED: 1_996, Fate.COMPLAINED: 4})
    table = section(document, "complaints").table
    assert table
    assert table.rows == (("reported as spam", Share(4, 2_000)),)
    assert "at or above 0.1 %, and below 0.3 %" in words(document)
    assert "Postmaster Tools" in words(document)


@pytest.mark.parametrize(("complaints", "said"), [(1, "below 0.1 %."), (2, "below 0.3 %"), (6, "at or above 0.3 %")])
def test_a_rate_at_a_line_is_not_below_it(complaints: int, said: str) -> None:
    fates = {Fate.DELIVERED: 2_000 - complaints, Fate.COMPLAINED: complaints}
    assert said in section(report(fates=fates), "complaints").says[0]


def test_without_deliveries_known_there_is_no_rate_of_complaints() -> None:
    document = report(Around(newsletter="T", zone=UTC, now=NOW), through={"smtp": 100}, fates={})
    complaints = section(document, "complaints")
    assert complaints.chart is None
    assert "there is no rate" in complaints.says[0]
    assert "Nothing is heard of mails through smtp" in words(document)


def test_through_smtp_with_a_mailbox_only_what_comes_back_is_known() -> None:
    around = Around(newsletter="T", zone=UTC, now=NOW, telling_returns=("smtp",))
    document = report(around, through={"smtp": 100}, fates={Fate.HARD_BOUNCE: 4})
    assert "was probably delivered; that is not counted as such" in words(document)
    domains = section(document, "domains")
    assert domains.chart is None
    assert domains.table
    assert domains.table.rows[0][2] is None
    assert section(document, "returned").table


def test_a_rehearsal_and_an_outbox_say_that_nobody_was_reached() -> None:
    rehearsed = report(mailing=replace(PLAIN.mailing, real=False))
    assert "rehearsal: nothing of it reached a reader" in rehearsed.warnings[0]
    coming = replace(PLAIN.mailing, real=False, state=MailingState.SCHEDULED, started_at=None)
    assert "is a rehearsal: nothing of it reaches a reader" in report(mailing=coming).warnings[1]
    written = report(through={"outbox": 100}, fates={})
    assert "nobody was reached" in words(written)
    assert [one.key for one in written.sections] == ["sum", "course"]


def test_a_mailing_that_has_not_begun_has_nothing_to_report() -> None:
    waiting = replace(PLAIN.mailing, state=MailingState.SCHEDULED, started_at=None, finished_at=None)
    document = report(mailing=waiting, tally=Tally(audience=0))
    assert not document.sections
    assert not document.unknown
    assert "has not begun" in document.warnings[0]


def test_opens_are_told_only_of_those_who_agreed_people_and_programs_apart() -> None:
    noted = Noted(readers=40, people={Engagement.OPENED: 9}, machines={Engagement.OPENED: 5})
    table = section(report(noted=noted), "noted").table
    assert table
    assert table.rows[:2] == (("people who opened it", Share(9, 40)), ("for whom a program opened it", Share(5, 40)))


def test_what_few_who_agreed_did_is_not_told() -> None:
    noted = Noted(readers=4, people={Engagement.OPENED: 1})
    document = report(noted=noted, links=(Link(url="https://example.org", people=1, machines=0),))
    assert section(document, "noted").table is None
    assert "links" not in {one.key for one in document.sections}
    assert document.numbers["engaged"] == {}


def test_reasons_of_few_and_words_of_anybody_are_not_told() -> None:
    document = report(left=Left(people=3, ways={ConsentSource.PAGE: 3}, reasons={"never_asked": 1}, wrote=1))
    left = section(document, "left")
    assert left.table
    assert left.table.rows == (("by our page behind the link in the mail", 3),)
    assert "1 person wrote something of their own. It is not shown here" in words(document)


def test_domains_of_few_are_the_others() -> None:
    domains = {"example.org": {Fate.DELIVERED: 90}, "clinic.test": {Fate.DELIVERED: 6}, "": {Fate.HARD_BOUNCE: 4}}
    table = section(report(domains=domains), "domains").table
    assert table
    assert [row[:2] for row in table.rows] == [("example.org", 90), ("all others", 10)]


def test_programs_get_a_rate_as_its_two_numbers() -> None:
    document = report()
    fates = as_json(document)["sections"]["fates"]["rows"]
    assert fates[0]["mails"] == {"part": 96, "whole": 100, "rate": 0.96}
    assert ("fates", "delivered: their server took it", "mails", "96", "100") in [*csv_rows(document)]


def test_a_spreadsheet_takes_no_cell_for_a_formula() -> None:
    links = (Link(url="=HYPERLINK(1)", people=9, machines=0),)
    rows = [*csv_rows(report(noted=Noted(readers=40), links=links))]
    assert ("links", "'=HYPERLINK(1)", "people", "9", "") in rows


NOVEMBER, DECEMBER = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)
LIST = ListFacts(
    list=MailingList(number=1, name="news", title="News"),
    statuses={SubscriptionStatus.SUBSCRIBED: 90, SubscriptionStatus.UNSUBSCRIBED: 10},
    suppressed=5,
    months={
        datetime(2026, 10, 1, tzinfo=UTC): Growth(),
        NOVEMBER: Growth(joined=100, confirmed=30),
        DECEMBER: Growth(left=10, bounced=4, complained=1),
    },
    sources={ConsentSource.IMPORT: 60, ConsentSource.CONFIRMATION: 30},
    languages={"en": 85, "es": 3, "de": 2},
    tracked=20,
    active=7,
    recent=1,
    gone=4,
    silent=0,
    silent_mailings=0,
    mailings=(),
    reasons={},
)


def test_a_list_tells_its_growth_from_its_first_month_on() -> None:
    document = listing.report_of(LIST, AROUND)
    growth = section(document, "growth")
    assert growth.says[0] == "100 people joined and 15 people went: +85."
    assert growth.table
    assert [(row[0], row[-1]) for row in growth.table.rows] == [("2026-11", 100), ("2026-12", -15)]
    assert document.facts[0] == ("Can be mailed today", 85)


def test_languages_of_few_are_counted_together() -> None:
    table = section(listing.report_of(LIST, AROUND), "languages").table
    assert table
    assert table.rows == (("en", Share(85, 90)), ("all others", Share(5, 90)))


def test_an_empty_list_has_a_report() -> None:
    empty = replace(
        LIST, statuses={}, suppressed=0, months={NOVEMBER: Growth()}, sources={}, languages={}, tracked=0, gone=0
    )
    document = listing.report_of(empty, AROUND)
    assert [*as_json(document)["sections"]] == ["size", "growth"]


def test_of_a_mailing_without_reports_nothing_is_told_beside_the_others() -> None:
    silent = Fared(number=1, issue="pain", started_at=BEGUN, accepted=9, fates={}, left=0, noted=Noted())
    table = section(report(before=(silent,)), "before").table
    assert table
    assert table.rows[1][4:7] == (None, None, None)
