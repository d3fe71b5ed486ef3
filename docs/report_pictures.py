"""The picture of docs/reports.md: a made-up mailing on a desk, and a made-up list on a phone in dark mode."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from newsletter.cli.report.page import page
from newsletter.model.event import Fate
from newsletter.model.mailing import Exclusion, Mailing, MailingState, Outcome, Tally
from newsletter.model.reporting import Course, Growth, Left, ListFacts, MailingFacts, Noted, Returned
from newsletter.model.subscriber import ConsentSource, MailingList, SubscriptionStatus
from newsletter.probe.browser import Scheme, View, WebPage
from newsletter.report import listing, mailing
from newsletter.report.around import Around

ZONE = ZoneInfo("America/Los_Angeles")
BEGUN = datetime(2026, 12, 1, 17, 0, tzinfo=UTC)
AROUND = Around(
    newsletter="Larkmeadow Letters",
    zone=ZONE,
    now=BEGUN + timedelta(days=3),
    telling_all=("sendgrid",),
    tracking=True,
)
FATES = {Fate.DELIVERED: 11_641, Fate.COMPLAINED: 7, Fate.SOFT_BOUNCE: 118, Fate.HARD_BOUNCE: 62}


def pages() -> list[tuple[WebPage, View]]:
    """In the order in which they stand beside each other."""
    told = (mailing.report_of(_mailing(), AROUND), listing.report_of(_list(), AROUND))
    views = (View(width=760), View(width=375, scheme=Scheme.DARK))
    return [(WebPage(html=page(one, ZONE)), view) for one, view in zip(told, views, strict=True)]


def _mailing() -> MailingFacts:
    handed = {BEGUN + timedelta(minutes=n): 800 for n in range(14)} | {BEGUN + timedelta(minutes=14): 660}
    taken = {BEGUN + timedelta(minutes=n + 1): round(8_900 * 0.72**n * 0.37) for n in range(20)}
    return MailingFacts(
        mailing=Mailing(
            number=12,
            link_number=1,
            issue="stairs-after-a-knee-operation",
            fingerprint="",
            variants={},
            lists=("friends",),
            state=MailingState.FINISHED,
            created_at=BEGUN,
            started_at=BEGUN,
            finished_at=BEGUN + timedelta(minutes=15),
            sender="sendgrid",
            real=True,
        ),
        tally=Tally(
            audience=11_902,
            outcomes={Outcome.ACCEPTED: 11_860, Outcome.EXCLUDED: 42},
            exclusions={Exclusion.SUPPRESSED.value: 42},
        ),
        through={"sendgrid": 11_860},
        refusals={},
        fates=FATES,
        course=Course(interval=timedelta(minutes=1), handed_over=handed, delivered=taken),
        domains={
            "example.org": {Fate.DELIVERED: 7_020, Fate.HARD_BOUNCE: 31, Fate.SOFT_BOUNCE: 22},
            "example.com": {Fate.DELIVERED: 3_910, Fate.HARD_BOUNCE: 20, Fate.SOFT_BOUNCE: 80},
            "": {Fate.DELIVERED: 711, Fate.COMPLAINED: 7, Fate.HARD_BOUNCE: 11, Fate.SOFT_BOUNCE: 16, None: 32},
        },
        returned=(
            Returned(fate=Fate.SOFT_BOUNCE, words="452 4.2.2", count=118),
            Returned(fate=Fate.HARD_BOUNCE, words="550 5.1.1", count=62),
        ),
        left=Left(people=31, ways={ConsentSource.ONE_CLICK: 24, ConsentSource.PAGE: 7}, reasons={"too_often": 9}),
        noted=Noted(),
        links=(),
        variants={"": 11_902},
        variant_fates={},
        before=(),
        corrections=(),
        waivers=(),
    )


def _list() -> ListFacts:
    joined = (120, 96, 148, 210, 180, 164, 172, 240, 305, 220, 190, 251)
    left = (30, 41, 38, 60, 52, 49, 70, 66, 58, 80, 71, 48)
    months = {
        datetime(2026, n + 1, 1, tzinfo=ZONE): Growth(
            joined=come, confirmed=come - 20, left=gone, bounced=n, complained=1
        )
        for n, (come, gone) in enumerate(zip(joined, left, strict=True))
    }
    return ListFacts(
        list=MailingList(number=1, name="friends", title="Friends of the clinic"),
        statuses={
            SubscriptionStatus.SUBSCRIBED: 11_970,
            SubscriptionStatus.PENDING: 38,
            SubscriptionStatus.UNSUBSCRIBED: 2_310,
        },
        suppressed=68,
        months=months,
        sources={ConsentSource.IMPORT: 7_100, ConsentSource.CONFIRMATION: 4_870},
        languages={"en": 10_240, "es": 1_690, "": 40},
        tracked=0,
        active=0,
        recent=5,
        gone=62,
        silent=12,
        silent_mailings=3,
        mailings=(),
        reasons={},
    )
