"""The report of a list: how large, how it grows and shrinks, who is on it, how its mailings fared, what is not known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.model.reporting import FEW
from newsletter.model.subscriber import ConsentSource, SubscriptionStatus
from newsletter.report import basis
from newsletter.report.charts import Bar, Bars, Columns, Panel, listed
from newsletter.report.document import Document, Section, table
from newsletter.report.figures import Share, counted
from newsletter.report.mailing_noted import beside
from newsletter.report.mailing_returned import reason_rows, reasons_said
from newsletter.report.small import merged

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from newsletter.model.reporting import Growth, ListFacts
    from newsletter.report.around import Around
    from newsletter.report.document import Cell

_SOURCES = {
    ConsentSource.IMPORT: "an import",
    ConsentSource.PAGE: "a page of ours",
    ConsentSource.CONFIRMATION: "the link of a confirmation mail",
    ConsentSource.BY_HAND: "staff, for them",
    ConsentSource.ONE_CLICK: "one click",
    ConsentSource.PROVIDER: "the provider",
}


def report_of(facts: ListFacts, around: Around) -> Document:
    months = [*facts.months]
    return Document(
        about=("list", facts.list.name),
        title=f"List {facts.list.name}: {facts.list.title}",
        newsletter=around.newsletter,
        made=around.now,
        facts=(
            ("Can be mailed today", _mailable(facts)),
            ("Months", f"{_month(months[0], around)} to {_month(months[-1], around)}"),
        ),
        warnings=("This list is archived: it takes nobody in and is not mailed.",) if facts.list.archived_at else (),
        sections=tuple(_sections(facts, around)),
        unknown=tuple(_unknown(facts, around)),
        numbers={status.value: facts.statuses.get(status, 0) for status in SubscriptionStatus}
        | {"suppressed": facts.suppressed, "can_be_mailed": _mailable(facts)},
    )


def _mailable(facts: ListFacts) -> int:
    return facts.statuses.get(SubscriptionStatus.SUBSCRIBED, 0) - facts.suppressed


def _sections(facts: ListFacts, around: Around) -> Iterator[Section]:
    yield _size(facts)
    yield _growth(facts, around)
    if facts.statuses.get(SubscriptionStatus.SUBSCRIBED):
        yield from _who(facts)
    if facts.mailings:
        says = ("The newest first. Of those whose deliveries nobody reported there are no rates.",)
        yield Section(key="mailings", heading="Its mailings", says=says, table=beside(facts.mailings))
    if facts.reasons:
        rows, chart = reason_rows(facts.reasons)
        shown = table(("reason", "Reason"), ("people", "People"), rows=rows) if rows else None
        said = (*reasons_said(facts.reasons), "Of all who ever left by a mail to this list.")
        yield Section(key="reasons", heading="Why people left", says=said, table=shown, chart=chart)


def _who(facts: ListFacts) -> Iterator[Section]:
    yield _by(
        "sources", "How they joined", "how those who are subscribed said yes the last time", _named(facts.sources)
    )
    yield _by("languages", "Languages", "as they, or an import, told us", _languages(facts.languages))
    yield _active(facts)
    yield _gone(facts)


def _size(facts: ListFacts) -> Section:
    counts = facts.statuses
    rows: list[tuple[Cell, ...]] = [
        ("subscribed, and can be mailed", _mailable(facts)),
        ("subscribed, and never mailed (suppressed)", facts.suppressed),
        ("pending: asked to join, not confirmed", counts.get(SubscriptionStatus.PENDING, 0)),
        ("left", counts.get(SubscriptionStatus.UNSUBSCRIBED, 0)),
    ]
    return Section(
        key="size", heading="How large it is today", table=table(("status", "Status"), ("people", "People"), rows=rows)
    )


def _growth(facts: ListFacts, around: Around) -> Section:
    months = _since_begun(facts.months)
    names, told = [_month(begin, around) for begin, _ in months], [one for _, one in months]
    gone = [out_of(month) for month in told]
    rows: list[tuple[Cell, ...]] = [
        (name, one.requested, one.joined, one.confirmed, one.left, one.bounced, one.complained, one.kept_out, one.erased,
         one.joined - lost)
        for name, one, lost in zip(names, told, gone, strict=True)
    ]  # fmt: skip
    panel = Panel("Joined, above the line", tuple(one.joined for one in told), tuple(gone), "Gone, below the line")
    total, lost = sum(one.joined for one in told), sum(gone)
    says = (
        f"{counted(total, 'person', 'people')} joined and {counted(lost, 'person', 'people')} went: {total - lost:+,}.",
        (
            "Confirmed are those of the joined who pressed the button of a confirmation mail. Bounced, Spam and Other are those "
            "who are subscribed still and were suppressed in that month: mail came back, they complained, or something else. "
            "Who joined in two months counts in both."
        ),
    )
    ticks = tuple(dict.fromkeys((names[0], names[-1])))
    columns = (
        ("month", "Month"),
        ("asked", "Asked"),
        ("joined", "Joined"),
        ("confirmed", "Confirmed"),
        ("left", "Left"),
        ("bounced", "Bounced"),
        ("complained", "Spam"),
        ("kept_out", "Other"),
        ("erased", "Erased"),
        ("change", "Change"),
    )
    return Section(
        key="growth", heading="Growth and loss by month", says=says,
        chart=Columns("Growth and loss by month", says[0], (panel,), ticks), table=table(*columns, rows=rows),
    )  # fmt: skip


def _since_begun(months: Mapping[datetime, Growth]) -> list[tuple[datetime, Growth]]:
    """Without the months before anything happened."""
    told = [*months.items()]
    begun = next((place for place, (_, month) in enumerate(told) if any(month)), len(told) - 1)
    return told[begun:]


def out_of(month: Growth) -> int:
    return month.left + month.bounced + month.complained + month.kept_out + month.erased


def _by(key: str, heading: str, basis_words: str, counts: Mapping[str, int]) -> Section:
    """Who is subscribed, by something that they have in common."""
    whole, parts = sum(counts.values()), merged(counts, counts_only=True)
    told = [(name, counts[name]) for name in parts.apart]
    says = [f"Of {counted(whole, 'person', 'people')} who are subscribed; {basis_words}."]
    if parts.others:
        told.append(("all others", sum(counts[name] for name in parts.others)))
        says.append(f"What fewer than {FEW} people have in common is counted together.")
    rows: list[tuple[Cell, ...]] = [(name, Share(count, whole)) for name, count in told]
    bars = tuple(Bar(name, count, str(Share(count, whole)), whole) for name, count in told)
    chart = Bars(heading, listed(bars), bars) if bars else None
    return Section(
        key=key,
        heading=heading,
        says=tuple(says),
        chart=chart,
        table=table((key, heading), ("people", "People"), rows=rows),
    )


def _named(counts: Mapping[ConsentSource, int]) -> dict[str, int]:
    return {_SOURCES.get(source, source.value): count for source, count in counts.items()}


def _languages(counts: Mapping[str, int]) -> dict[str, int]:
    return {language or "not known": count for language, count in counts.items()}


def _active(facts: ListFacts) -> Section:
    heading = "Who opens or follows links"
    if facts.tracked < FEW or not facts.recent:
        said = f"Not told: fewer than {FEW} of the subscribed agreed that it is noted, or there was no mailing in these months."
        return Section(key="active", heading=heading, says=(said,))
    rows: list[tuple[Cell, ...]] = [
        (f"did either in the last {counted(facts.recent, 'mailing')}", Share(facts.active, facts.tracked))
    ]
    subscribed = facts.statuses.get(SubscriptionStatus.SUBSCRIBED, 0)
    says = (
        f"Only of those who agreed to it: {Share(facts.tracked, subscribed)} of the subscribed. Programs are not counted.",
    )
    return Section(
        key="active", heading=heading, says=says, table=table(("what", "What"), ("people", "People"), rows=rows)
    )


def _gone(facts: ListFacts) -> Section:
    subscribed = facts.statuses.get(SubscriptionStatus.SUBSCRIBED, 0)
    rows: list[tuple[Cell, ...]] = [("mail came back for good, or a bad address", Share(facts.gone, subscribed))]
    says = ["People who are subscribed and whom no mail seems to reach. The first are never written to any more."]
    if facts.silent_mailings:
        rows.append(
            (
                f"none of the last {facts.silent_mailings} mailings was taken, and they are still written to",
                Share(facts.silent, subscribed),
            )
        )
    else:
        says.append("Too few mailings of which anything was reported, to say who takes none.")
    return Section(
        key="gone",
        heading="Addresses that seem dead",
        says=tuple(says),
        table=table(("what", "What"), ("people", "People"), rows=rows),
    )


def _unknown(facts: ListFacts, around: Around) -> Iterator[str]:
    yield "Who was erased, or forgotten since they never confirmed, has left few traces: months long ago may tell too few."
    yield "An import tells when people joined if its file says so; else it is the day of the import."
    if facts.mailings and not any(basis.delivered(one.fates) for one in facts.mailings):
        yield "Of no mailing of these months a delivery was reported: how many arrived is not known."
    if not around.tracking:
        yield "Opens and clicks are not noted today ([tracking] in newsletter.toml): who reads is not known."


def _month(begin: datetime, around: Around) -> str:
    return f"{begin.astimezone(around.zone):%Y-%m}"
