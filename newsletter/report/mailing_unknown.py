"""What cannot be known of a mailing, said in words instead of in numbers that look like it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from newsletter.model.event import Fate
from newsletter.model.mailing import Outcome
from newsletter.report import basis
from newsletter.report.figures import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.model.reporting import MailingFacts
    from newsletter.report.around import Around


def unknown(facts: MailingFacts, around: Around) -> Iterator[str]:
    if facts.mailing.started_at is None:
        return
    yield from _through(facts, around)
    if facts.mailing.real is None and basis.OUTBOX not in facts.through:
        yield "Whether it reached people or was a rehearsal was not kept yet when it was sent."
    yield from _silent(facts, around)
    if basis.reached_nobody(facts):
        return
    yield "Delivered means that the server of the reader took it: in the inbox or among spam, nobody tells."
    yield from _noted(facts, around)


def _through(facts: MailingFacts, around: Around) -> Iterator[str]:
    for sender in facts.through:
        if sender == basis.OUTBOX:
            yield "What went through the outbox was written into files: nobody was reached, and nothing is reported."
        elif sender in around.telling_returns:
            yield (
                f"Through {sender} only what comes back is heard of, by the mailbox for bounces. What does not come back "
                "was probably delivered; that is not counted as such."
            )
        elif sender not in around.telling_all and not facts.fates:
            yield (
                f"Nothing is heard of mails through {sender}: neither deliveries nor bounces nor complaints (docs/events.md "
                "says how to set that up)."
            )
        elif sender not in around.telling_all:
            yield f"Reports of mails through {sender} came, and are not set up any more: what came since is not known."


def _silent(facts: MailingFacts, around: Around) -> Iterator[str]:
    silent = facts.tally[Outcome.ACCEPTED] - sum(facts.fates.values())
    if silent > 0 and {*facts.through} & {*around.telling_all}:
        yield f"Of {counted(silent, 'mail')} there is no report yet. Providers report for up to three days, some never."
    if silent < 0:
        yield f"Of {counted(-silent, 'mail')} something was reported although they do not count as handed over: in doubt, or cancelled."
    if facts.fates.get(Fate.DEFERRED):
        yield f"{counted(facts.fates[Fate.DEFERRED], 'mail')} were put off: they may still arrive, or come back."


def _noted(facts: MailingFacts, around: Around) -> Iterator[str]:
    if not facts.noted.readers:
        yield "How many read it is not known: that is noted only of readers who agree, where it is switched on."
        return
    begun = facts.mailing.started_at
    if begun and around.now - begun > timedelta(days=around.keep_events_days):
        yield (
            f"Single events are kept for {around.keep_events_days:,} days: what programs opened and clicked is not known any more, "
            "and stands here as too few."
        )
    yield "An open is a picture that was fetched: it says little about reading."
