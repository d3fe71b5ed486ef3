"""Of a mailing: opens and clicks of those who agreed, links, and earlier mailings beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.model.event import Fate
from newsletter.model.mailing import Outcome
from newsletter.model.reporting import FEW, Fared
from newsletter.model.segment import Engagement
from newsletter.report import basis
from newsletter.report.charts import Bar, Bars, listed
from newsletter.report.document import Section, table
from newsletter.report.figures import Share, counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsletter.model.reporting import MailingFacts, Noted
    from newsletter.report.document import Cell, Table

_DID = {Engagement.OPENED: "opened it", Engagement.CLICKED: "followed a link"}
_LINKS = 20


def sections(facts: MailingFacts) -> Iterator[Section]:
    yield _opens(facts.noted)
    if facts.links and facts.noted.readers >= FEW:
        yield _links(facts)
    if facts.before:
        yield _before(facts)


def _opens(noted: Noted) -> Section:
    heading = "Opens and clicks"
    if not noted.readers:
        said = "Not noted: nobody it was handed over to had agreed to it, or it was switched off. There is no rate to tell."
        return Section(key="noted", heading=heading, says=(said,))
    if noted.readers < FEW:
        said = f"Fewer than {FEW} of the readers had agreed to it: what they did is not told, since it might be seen who did it."
        return Section(key="noted", heading=heading, says=(said,))
    rows: list[tuple[Cell, ...]] = []
    for kind, words in _DID.items():
        rows.append((f"people who {words}", Share(noted.people.get(kind, 0), noted.readers)))
        rows.append((f"for whom a program {words}", Share(noted.machines.get(kind, 0), noted.readers)))
    bars = tuple(
        Bar(str(label), share.part, str(share), share.whole) for label, share in rows if isinstance(share, Share)
    )
    says = (
        (
            f"Only of the {counted(noted.readers, 'reader')} who had agreed to it. Of all others nothing is noted, and nothing "
            "can be concluded about them."
        ),
        (
            "Programs that fetch every picture and follow every link, such as Apple's mail privacy and virus scanners, are "
            "counted apart as far as they can be told; somebody can be in both. Who reads without pictures counts as not opened."
        ),
    )
    return Section(
        key="noted", heading=heading, says=says, chart=Bars("Opens and clicks of those who agreed", listed(bars), bars),
        table=table(("what", "What"), ("readers", "Readers"), rows=rows),
    )  # fmt: skip


def _links(facts: MailingFacts) -> Section:
    rows: list[tuple[Cell, ...]] = [(one.url, one.people, one.machines) for one in facts.links]
    bars = tuple(
        Bar(one.url, one.people, f"{one.people:,} by people, {one.machines:,} by programs") for one in facts.links
    )
    more = f" The other {len(bars) - _LINKS:,} stand in the table." if len(bars) > _LINKS else ""
    says = ("Clicks, not people: somebody who follows a link twice counts twice. The bar is what people did.",)
    return Section(
        key="links", heading="Links", says=says,
        chart=Bars("Clicks by link", listed(bars[:_LINKS]) + more, bars[:_LINKS]),
        table=table(("link", "Link"), ("people", "By people"), ("programs", "By programs"), rows=rows),
    )  # fmt: skip


def _before(facts: MailingFacts) -> Section:
    own = _this(facts)
    says = ("This mailing first, then earlier ones to the same lists, segments and exceptions, the newest first.",)
    return Section(key="before", heading="Beside earlier mailings", says=says, table=beside([own, *facts.before]))


def _this(facts: MailingFacts) -> Fared:
    return Fared(
        number=facts.mailing.number,
        issue=facts.mailing.issue,
        started_at=facts.mailing.started_at,
        accepted=facts.tally[Outcome.ACCEPTED],
        fates=facts.fates,
        left=facts.left.people,
        noted=facts.noted,
    )


def beside(mailings: Sequence[Fared]) -> Table:
    """What is not known of a mailing is empty: no delivery, or fewer than agreed to tell opens of."""
    return table(
        ("mailing", "Mailing"),
        ("issue", "Issue"),
        ("begun", "Begun"),
        ("handed_over", "Handed over"),
        ("delivered", "Delivered"),
        ("hard_bounces", "Hard bounces"),
        ("complaints", "Complaints, of the delivered"),
        ("left", "Left"),
        ("opened", "Opened, of those who agreed"),
        ("clicked", "Followed a link, of those who agreed"),
        rows=[_beside(one) for one in mailings],
    )


def _beside(one: Fared) -> tuple[Cell, ...]:
    delivered, accepted = basis.delivered(one.fates), basis.handed_over(one.accepted, one.fates, one.left)
    return (
        f"mailing {one.number}",
        one.issue,
        one.started_at,
        accepted,
        Share(delivered, accepted) if delivered else None,
        Share(one.fates.get(Fate.HARD_BOUNCE, 0), accepted) if one.fates else None,
        basis.known_complaints(one),
        Share(one.left, accepted),
        *(_of_those(one.noted, kind) for kind in Engagement),
    )


def _of_those(noted: Noted, kind: Engagement) -> Share | None:
    return Share(noted.people.get(kind, 0), noted.readers) if noted.readers >= FEW else None
