"""Of a mailing: the sum of its outcomes, what was reported, over time, by domain, by variant."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from newsletter.model.event import Fate
from newsletter.model.mailing import Outcome
from newsletter.model.reporting import FEW
from newsletter.report import basis, times
from newsletter.report.charts import Bar, Bars, listed
from newsletter.report.document import Section, table
from newsletter.report.figures import Share, counted
from newsletter.report.small import merged

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from newsletter.model.reporting import MailingFacts
    from newsletter.report.around import Around
    from newsletter.report.document import Cell, Table

    _Group = tuple[str, Mapping[Fate | None, int]]

#: what people call the outcomes
_OUTCOMES = {
    Outcome.ACCEPTED: "handed over to the provider",
    Outcome.EXCLUDED: "left out",
    Outcome.REFUSED: "refused by the provider",
    Outcome.UNCERTAIN: "in doubt",
    Outcome.IN_FLIGHT: "being handed over",
    Outcome.PLANNED: "not yet handed over",
    Outcome.CANCELLED: "cancelled",
}
FATES = {
    Fate.DELIVERED: "delivered: their server took it",
    Fate.COMPLAINED: "delivered, and reported as spam",
    Fate.SOFT_BOUNCE: "came back, for now (soft bounce)",
    Fate.HARD_BOUNCE: "came back for good (hard bounce)",
    Fate.DROPPED: "dropped by the provider",
    Fate.DEFERRED: "put off: the provider tries again",
}
#: what the columns of tables by domain are of, beside the delivered
_RETURNED = ((Fate.HARD_BOUNCE,), (Fate.SOFT_BOUNCE,), (Fate.COMPLAINED,), (Fate.DROPPED, Fate.DEFERRED))
#: bars that a chart shows at most
_BARS = 12


def sections(facts: MailingFacts, around: Around) -> Iterator[Section]:
    yield _sum(facts)
    if basis.reached_nobody(facts):
        yield _course(facts, around)
        return
    if facts.tally[Outcome.ACCEPTED] or facts.fates:
        yield _became(facts, around)
        yield _course(facts, around)
        yield _domains(facts, around)
    if {*facts.variants} - {""}:
        yield _variants(facts, around)


def _sum(facts: MailingFacts) -> Section:
    tally = facts.tally
    rows: list[tuple[Cell, ...]] = []
    for outcome, words in _OUTCOMES.items():
        if not tally[outcome]:
            continue
        rows.append((words, tally[outcome]))
        why = {Outcome.EXCLUDED: tally.exclusions, Outcome.REFUSED: facts.refusals}.get(outcome, {})
        rows += [(f"of them {reason}", count) for reason, count in sorted(why.items(), key=lambda one: -one[1])]
    rows.append(("audience", tally.audience))
    said = "The sum holds: every reader of the audience is accounted for." if tally.holds else "The sum does not hold."
    return Section(
        key="sum",
        heading="Who it was for",
        says=(said,),
        table=table(("outcome", "Outcome"), ("readers", "Readers"), rows=rows),
    )


def _became(facts: MailingFacts, around: Around) -> Section:
    accepted = basis.handed_over_of(facts)
    silent = max(accepted - sum(facts.fates.values()), 0)
    says = [
        f"Of the {counted(accepted, 'mail')} handed over, as reported until now. The gravest report of a mail counts."
    ]
    if not basis.tells_returned(facts, around):
        says.append("Nothing tells us what became of them: see the end of this report.")
    rows: list[tuple[Cell, ...]] = [
        (words, Share(facts.fates[fate], accepted)) for fate, words in FATES.items() if fate in facts.fates
    ]
    if silent:
        rows.append(("no report", Share(silent, accepted)))
    bars = tuple(
        Bar(str(label), share.part, str(share), share.whole) for label, share in rows if isinstance(share, Share)
    )
    chart = Bars("What became of the mails", listed(bars), bars)
    return Section(
        key="fates", heading="What became of it", says=tuple(says), chart=chart,
        table=table(("fate", "What became of it"), ("mails", "Mails"), rows=rows),
    )  # fmt: skip


def _course(facts: MailingFacts, around: Around) -> Section:
    chart = times.chart(facts.course, around.zone)
    if chart is None:
        return Section(key="course", heading="Over time", says=("When it was handed over is not known.",))
    says = []
    accepted, known = facts.tally[Outcome.ACCEPTED], sum(facts.course.handed_over.values())
    if known < accepted:
        says.append(f"Of {counted(accepted - known, 'mail')} it is not known when they were handed over.")
    if not facts.course.delivered:
        says.append("No time of delivery was reported.")
    together = times.Together(facts.course)
    handed, taken = together.counts(facts.course.handed_over), together.counts(facts.course.delivered)
    rows: list[tuple[Cell, ...]] = [
        (at, out, came if facts.course.delivered else None)
        for at, out, came in zip(together.begins, handed, taken, strict=True)
        if out or came
    ]
    says.append(
        f"Intervals of {times.length_words(together.step)}; those in which nothing happened are left out of the table."
    )
    return Section(
        key="course", heading="Over time", says=tuple(says), chart=chart,
        table=table(("from", "From"), ("handed_over", "Handed over"), ("delivered", "Delivered"), rows=rows),
    )  # fmt: skip


def _domains(facts: MailingFacts, around: Around) -> Section:
    sizes = {domain: sum(fates.values()) for domain, fates in facts.domains.items()}
    parts = merged(sizes, always="")
    groups = [(domain, facts.domains[domain]) for domain in parts.apart]
    if parts.others:
        groups.append(("all others", summed(facts.domains[one] for one in parts.others)))
    says = (
        "By what stands behind the @ of the address that readers have now.",
        f"Domains with fewer than {FEW} readers, and who was erased, are counted together: a domain of few is a person.",
    )
    return Section(
        key="domains", heading="By the readers' domains", says=says,
        chart=_delivered_bars("Delivered, by domain", groups) if basis.tells_delivered(facts, around) else None,
        table=_fates_table(("domain", "Domain"), groups, facts, around),
    )  # fmt: skip


def _variants(facts: MailingFacts, around: Around) -> Section:
    parts = merged(dict(facts.variants))
    groups = [(one or "everybody else", facts.variant_fates.get(one, {})) for one in parts.apart]
    says = ["Readers of different segments got different parts of the issue."]
    if parts.others:
        groups.append(("all others", summed(facts.variant_fates.get(one, {}) for one in parts.others)))
        says.append(f"Variants for fewer than {FEW} readers are counted together.")
    says += (
        [f"Nobody was in: {', '.join(none)}."]
        if (none := [one for one, size in facts.variants.items() if not size])
        else []
    )
    return Section(
        key="variants", heading="Variants", says=tuple(says),
        chart=_delivered_bars("Delivered, by variant", groups) if basis.tells_delivered(facts, around) else None,
        table=_fates_table(("variant", "Variant"), groups, facts, around),
    )  # fmt: skip


def _fates_table(first: tuple[str, str], groups: list[_Group], facts: MailingFacts, around: Around) -> Table:
    """What nobody tells us of is not known, and not none."""
    arrived, returned = basis.tells_delivered(facts, around), basis.tells_returned(facts, around)
    rows: list[tuple[Cell, ...]] = [
        (
            name,
            sum(fates.values()),
            basis.delivered(known(fates)) if arrived else None,
            *(sum(fates.get(one, 0) for one in kinds) if returned else None for kinds in _RETURNED),
            fates.get(None, 0),
        )
        for name, fates in groups
    ]
    return table(
        first,
        ("handed_over", "Handed over"),
        ("delivered", "Delivered"),
        ("hard_bounces", "Hard bounces"),
        ("soft_bounces", "Soft bounces"),
        ("complaints", "Complaints"),
        ("dropped_or_put_off", "Dropped or put off"),
        ("no_report", "No report"),
        rows=rows,
    )


def _delivered_bars(title: str, groups: list[_Group]) -> Bars:
    shares = [(name, Share(basis.delivered(known(fates)), sum(fates.values()))) for name, fates in groups]
    bars = tuple(Bar(name, share.part, str(share), share.whole) for name, share in shares)
    more = f" The {len(bars) - _BARS:,} others stand in the table." if len(bars) > _BARS else ""
    says = f"The frame is what was handed over, the bar what was delivered. {listed(bars[:_BARS])}{more}"
    return Bars(title, says, bars[:_BARS])


def known(fates: Mapping[Fate | None, int]) -> dict[Fate, int]:
    return {fate: count for fate, count in fates.items() if fate is not None}


def summed(several: Iterable[Mapping[Fate | None, int]]) -> dict[Fate | None, int]:
    made: Counter[Fate | None] = Counter()
    for one in several:
        made.update(one)
    return dict(made)
