"""Of a mailing: corrections of its issue, and what was let stand when it was sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.report.document import Section, table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.model.reporting import MailingFacts
    from newsletter.report.document import Cell


def sections(facts: MailingFacts) -> Iterator[Section]:
    if facts.corrections:
        yield _corrections(facts)
    if facts.waivers:
        yield _waivers(facts)


def _corrections(facts: MailingFacts) -> Section:
    rows: list[tuple[Cell, ...]] = [
        (one.at, one.text, "withdrawn" if one.withdrawn else "shown above the issue") for one in facts.corrections
    ]
    return Section(
        key="corrections", heading="Corrections of the issue",
        table=table(("at", "When"), ("text", "Text"), ("state", "State"), rows=rows),
    )  # fmt: skip


def _waivers(facts: MailingFacts) -> Section:
    rows: list[tuple[Cell, ...]] = [(f"{one.kind.value} {one.code}", one.count, one.reason) for one in facts.waivers]
    return Section(
        key="waivers", heading="What was let stand", says=("Findings of the checks with which it was sent all the same.",),
        table=table(("code", "Check"), ("count", "How often"), ("reason", "Why"), rows=rows),
    )  # fmt: skip
