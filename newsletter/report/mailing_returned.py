"""Of a mailing: what came back and why, who left and why, who complained."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.model.event import Fate
from newsletter.model.reporting import FEW
from newsletter.model.subscriber import ConsentSource
from newsletter.report import basis
from newsletter.report.causes import causes
from newsletter.report.charts import Bar, Bars, Limits, listed
from newsletter.report.document import Section, table
from newsletter.report.figures import Share, counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from newsletter.model.reporting import Left, MailingFacts
    from newsletter.report.around import Around
    from newsletter.report.charts import Chart
    from newsletter.report.document import Cell

#: Gmail and Yahoo ask senders of many mails to stay below the first, and never to reach the second
BELOW, NEVER = 0.001, 0.003
LINES = ((BELOW, "0.1 %: stay below"), (NEVER, "0.3 %: never reach"))
#: of fewer mails one complaint is more than the lower line
_ENOUGH = 1_000
_KINDS = {
    Fate.HARD_BOUNCE: "hard bounce",
    Fate.SOFT_BOUNCE: "soft bounce",
    Fate.DROPPED: "dropped",
    Fate.DEFERRED: "put off",
}
WAYS = {
    ConsentSource.ONE_CLICK: "the button of their mail program (one click)",
    ConsentSource.PAGE: "our page behind the link in the mail",
    ConsentSource.PROVIDER: "the provider, or a mail that asked to leave",
    ConsentSource.BY_HAND: "staff, for them",
}
REASONS = {
    "too_often": "too many mails",
    "not_for_me": "not about what matters to me",
    "never_asked": "I never asked for them",
    "hard_to_read": "hard to read",
    "other": "something else",
}


def sections(facts: MailingFacts, around: Around) -> Iterator[Section]:
    if basis.tells_returned(facts, around):
        yield _returned(facts)
    yield _left(facts.left, basis.handed_over_of(facts))
    yield _complaints(facts, around)


def _returned(facts: MailingFacts) -> Section:
    accepted = basis.handed_over_of(facts)
    found = causes(facts.returned, {fate: facts.fates.get(fate, 0) for fate in _KINDS})
    if not found:
        return Section(key="returned", heading="What came back", says=("Nothing was reported to have come back.",))
    rows: list[tuple[Cell, ...]] = [
        (f"{_KINDS[one.fate]}: {one.words}", " ".join(one.codes), Share(one.mails, accepted)) for one in found
    ]
    bars = tuple(Bar(f"{_KINDS[one.fate]}: {one.words}", one.mails, f"{one.mails:,}") for one in found)
    says = (
        "A hard bounce is for good: its address is not written to again. A soft bounce is for now: full, blocked, too busy.",
        "The causes are those of the codes that the readers' servers gave, put into words.",
    )
    return Section(
        key="returned", heading="What came back, and why", says=says,
        chart=Bars("Mails that came back, by cause", listed(bars), bars),
        table=table(("cause", "Cause"), ("codes", "Codes"), ("mails", "Mails"), rows=rows),
    )  # fmt: skip


def _left(left: Left, accepted: int) -> Section:
    says = [f"{Share(left.people, accepted)} of those it was handed over to left by it."]
    says.append("Who left later, by another mail or by themselves, is not among them.")
    rows: list[tuple[Cell, ...]] = [
        ("by " + WAYS.get(way, way.value), count) for way, count in sorted(left.ways.items(), key=lambda one: -one[1])
    ]
    told, chart = reason_rows(left.reasons)
    rows += told
    says += reasons_said(left.reasons)
    if left.wrote:
        says.append(
            f"{counted(left.wrote, 'person', 'people')} wrote something of their own. It is not shown here: words can tell who wrote them."
        )
    return Section(
        key="left", heading="Who left, and why", says=tuple(says), chart=chart,
        table=table(("what", "How, and why"), ("people", "People"), rows=rows) if rows else None,
    )  # fmt: skip


def reason_rows(reasons: Mapping[str, int]) -> tuple[list[tuple[Cell, ...]], Chart | None]:
    """Nothing where so few gave one that it might be seen who."""
    if sum(reasons.values()) < FEW:
        return [], None
    named = [(REASONS.get(code, code.replace("_", " ")), count) for code, count in reasons.items()]
    bars = tuple(Bar(words, count, f"{count:,}") for words, count in named)
    return [(f"because: {words}", count) for words, count in named], Bars(
        "Why they left, as far as they said", listed(bars), bars
    )


def reasons_said(reasons: Mapping[str, int]) -> list[str]:
    given = sum(reasons.values())
    if not given:
        return ["Nobody said why."]
    if given < FEW:
        return [f"Fewer than {FEW} people said why: what they said is not told, since it might be seen who said it."]
    return [f"{counted(given, 'person', 'people')} said why."]


def _complaints(facts: MailingFacts, around: Around) -> Section:
    known = basis.tells_delivered(facts, around) and basis.delivered(facts.fates) > 0
    share = basis.complaints(facts.fates)
    says, chart = [], None
    if known:
        says.append(f"{share} of the delivered were reported to us as spam. {_against(share)}")
        if share.whole < _ENOUGH:
            says.append(
                f"Of so few mails a single complaint is {Share(1, share.whole).percent}: look at several mailings together."
            )
        chart = Limits("Complaints", f"{share} of the delivered. The lines are at 0.1 % and 0.3 %.", share, LINES)
    else:
        says.append(
            f"Complaints that were reported to us: {share.part:,}. How many mails were delivered is not known, so there is no rate."
        )
    says.append(
        "Gmail and Yahoo ask for less than 0.1 % and never 0.3 %. They count by day and among mails that reached the inbox, and "
        "Gmail tells nobody who complained: its own rate stands only in Google's Postmaster Tools. What is told here comes "
        "from the providers that do tell, so the true number is higher."
    )
    return Section(
        key="complaints", heading="Complaints", says=tuple(says), chart=chart,
        table=table(("what", "What"), ("mails", "Mails"), rows=[("reported as spam", share if known else share.part)]),
    )  # fmt: skip


def _against(share: Share) -> str:
    rate = share.rate or 0.0
    if rate >= NEVER:
        return "That is at or above 0.3 %: mail providers begin to refuse mail of such senders. Find out who never asked for it."
    if rate >= BELOW:
        return "That is at or above 0.1 %, and below 0.3 %: look at how these readers joined."
    return "That is below 0.1 %."
