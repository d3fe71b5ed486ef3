"""How old the workspace's table of retractions is."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from newsletter.check.rulebook import Finding, issue_rule
from newsletter.check.setting_places import place_of_setting
from newsletter.model.problem import Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.knowledge import Knowledge, Retractions
    from newsletter.check.rulebook import Content
    from newsletter.model.problem import Place

#: days after which it should be fetched again; about a thousand papers are retracted in that time
_OLD = 90


@issue_rule("retraction-data-old", Level.INFORMATION)
def the_table_of_retractions_is_new(content: Content) -> Iterator[Finding]:
    """The table of retractions is older than 90 days.

    Papers that were retracted since are not known. Fetch the file of Retraction Watch again. Its age is that of its
    newest entry, counted to the day on which you check, whatever the date of the issue.

    Bad (newsletter.toml):

        [references]
        retraction_watch = "retractions.csv"

    Bad (./retractions.csv):

        Record ID,Title,RetractionDate,OriginalPaperDOI,OriginalPaperPubMedID,RetractionNature,Reason
        1,Standing up,1/20/2026 0:00,10.1234/other,0,Retraction,+Error in Data;

    Bad:

        ---
        title: Walking after a knee operation
        preheader: How far, how often, and when to stop and call us
        date: 2026-12-01
        references: refs.json
        ---

        Walking early helps [@ok2020].

    Good (newsletter.toml):

        [references]
        retraction_watch = "retractions.csv"

    Good (./retractions.csv):

        Record ID,Title,RetractionDate,OriginalPaperDOI,OriginalPaperPubMedID,RetractionNature,Reason
        1,Standing up,11/20/2026 0:00,10.1234/other,0,Retraction,+Error in Data;

    Good:

        ---
        title: Walking after a knee operation
        preheader: How far, how often, and when to stop and call us
        date: 2026-12-01
        references: refs.json
        ---

        Walking early helps [@ok2020].
    """
    if content.references:
        yield from age_of_table(content.knowledge, place_of_setting(content.whole, "references", "retraction_watch"))


def age_of_table(knowledge: Knowledge, at: Place) -> Iterator[Finding]:
    """The same for any references; `at` is where the setting stands."""
    table = knowledge.retractions
    days = age_in_days(table, knowledge.run_on) if table else 0
    if table and days > _OLD and knowledge.run_on != date.max:
        message = f"the table of retractions is {days:,} days old ({table.described()})"
        yield Finding(
            at=at, message=message, fix="Fetch it again from Retraction Watch and put it in the place of the old one."
        )


def age_in_days(table: Retractions, run_on: date) -> int:
    """From its newest entry to the day of the run; a table cannot be younger than today's."""
    return max(0, (run_on - table.newest).days)


RULES = (the_table_of_retractions_is_new,)
