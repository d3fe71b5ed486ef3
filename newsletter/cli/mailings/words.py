"""How a mailing stands in plain words, and what the operator should do now."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from newsletter.cli import show
from newsletter.cli.audience.words import options_of, whom_of
from newsletter.cli.terms import closed_until, pace_in_words, window_in_words
from newsletter.model.mailing import MailingState, Outcome, PausedBy

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from newsletter.cli.mailings.standing import Standing
    from newsletter.settings import Settings

#: how the reason of a person's pause begins
BY_HAND = "by hand"
#: and those of mailings that a person's word opened again
_OPENED = ("resolved:", "refused ones are")
#: where an attempt left single deliveries in doubt, and has no words of its own
NO_ANSWER = "no answer came"
#: reasons that are said one by one; the others are counted
_MOST_REASONS = 8
_COLUMNS = 80


def report_lines(standing: Standing, settings: Settings) -> Iterator[str]:
    """How it stands, why some were not sent to, what waits, and what to do."""
    yield head_line(standing)
    yield from show.tally_lines(standing.tally)
    yield from refusal_lines(standing.refusals, standing.mailing.number)
    yield from doubt_reasons(standing)
    yield from waiting_lines(standing, settings)
    if uncertain := standing.tally[Outcome.UNCERTAIN]:
        yield from doubt_hint(standing.mailing.number, uncertain)
    yield from next_steps(standing, settings)


def head_line(standing: Standing) -> str:
    mailing = standing.mailing
    head = f"Mailing {mailing.number}: {mailing.issue} to {whom_of(mailing)}, {mailing.state.value}"
    if mailing.held:
        return show.folded(f"{head}, held: {show.clean(mailing.held)}", "  ")
    return show.folded(head + (f" ({show.clean(mailing.reason)})" if mailing.reason else ""), "  ")


def carried(planned: str, through: Mapping[str, int]) -> str:
    """Through which senders it went: the one that it was planned for, unless others took some, or all, of it."""
    if not through.keys() - {planned}:
        return planned
    others = ", ".join(f"{name} ({show.number(count)})" for name, count in through.items())
    return others if planned in through else f"{others} in place of {planned}"


def refusal_lines(refusals: Mapping[str, int], number: int) -> Iterator[str]:
    """The most frequent reason first."""
    ordered = sorted(refusals.items(), key=lambda entry: (-entry[1], entry[0]))
    for reason, count in ordered[:_MOST_REASONS]:
        yield show.folded(f"  refused ({show.number(count)}): {show.clean(reason)}", "    ")
    if others := ordered[_MOST_REASONS:]:
        left = sum(count for _, count in others)
        reasons = f"{show.number(len(others))} other {show.plural(len(others), 'reason')}"
        yield f"  refused ({show.number(left)}) for {reasons}; all of them:"
        yield f"    newsletter mailings export {number} --outcome refused"


def doubt_reasons(standing: Standing) -> Iterator[str]:
    """Why nobody can say, in short."""
    reasons: dict[str, int] = {}
    for doubt in standing.doubts:
        why = doubt.detail or (NO_ANSWER if doubt.attempt else "it was planned or under way when a backup was restored")
        reasons[why] = reasons.get(why, 0) + doubt.count
    for why, count in reasons.items():
        yield show.folded(f"  in doubt ({show.number(count)}): {show.clean(why)}", "    ")


def waiting_lines(standing: Standing, settings: Settings) -> Iterator[str]:
    """What is not handed over at once: put off after a no, kept for the hours when mail may leave, slowed down."""
    pending, zone = standing.pending, ZoneInfo(settings.newsletter.timezone)
    if standing.mailing.state is not MailingState.SENDING:
        return
    if pending.later and pending.next_at:
        verb = "waits" if pending.later == 1 else "wait"
        why = f": {show.clean(pending.detail)}" if pending.detail else ""
        until = f"the first until {show.moment(pending.next_at, zone)} ({show.span(pending.next_at - standing.at)})"
        yield show.folded(f"  {show.number(pending.later)} {verb}, {until}{why}", "    ")
        number = standing.mailing.number
        if standing.mailing.local_time and not pending.detail:
            yield f"  they get it when their clocks show {standing.mailing.local_time.replace('T', ' ')}"
        else:
            yield f"  to try them at once: newsletter mailings pause {number}, then resume {number}"
    if not pending.due and not pending.later:
        return
    if opens := closed_until(settings.sending, zone, standing.at):
        window = window_in_words(settings.sending)
        yield f"  mail may leave {window} only ({zone.key})"
        yield f"  so the rest waits until {show.moment(opens, zone)}"
        if standing.mailing.latest_at and standing.mailing.latest_at <= opens:
            yield "  which is after its latest time: nobody else will get it"
    elif pace := pace_in_words(settings.sending):
        full = standing.slow_until
        yield f"  {pace}{f'; there is room again at {show.moment(full, zone)}' if full else ''}"


def next_steps(standing: Standing, settings: Settings) -> Iterator[str]:
    """What the operator should do now, doubt aside; nothing when all is well."""
    mailing, zone = standing.mailing, ZoneInfo(settings.newsletter.timezone)
    resume = f"newsletter mailings resume {mailing.number}"
    match mailing.state:
        case MailingState.PAUSED if mailing.paused_by is PausedBy.PERSON or mailing.reason.startswith(_OPENED):
            yield f"To go on with the rest, run: {resume}"
        case MailingState.PAUSED:
            yield "Put right what it says above; then, to go on with the rest, run:"
            yield f"  {resume}"
        case MailingState.SCHEDULED:
            yield f"`newsletter run-due` begins it. To take it off: newsletter unschedule {mailing.number} --reason WHY"
        case MailingState.SENDING if standing.holder:
            yield f"It is being sent. To watch it, run: newsletter mailings watch {mailing.number}"
        case MailingState.SENDING if opens := closed_until(settings.sending, zone, standing.at):
            yield f"From {show.moment(opens, zone)} on, run: {resume}"
        case MailingState.SENDING if standing.pending.later and not standing.pending.due and standing.pending.next_at:
            yield "`newsletter run-due` goes on then. Without it, run from then on:"
            yield f"  {resume}"
        case MailingState.SENDING:
            yield "Nobody is sending it now. To go on with the rest, run:"
            yield f"  {resume}"
        case MailingState.FINISHED | MailingState.CANCELLED | MailingState.MISSED:
            yield from _after_the_end(standing)


def _after_the_end(standing: Standing) -> Iterator[str]:
    mailing, tally = standing.mailing, standing.tally
    anew = f"newsletter send {mailing.issue} {options_of(mailing)}"
    if tally[Outcome.IN_FLIGHT] and standing.holder:
        yield f"What is in flight settles by itself: newsletter mailings show {mailing.number}"
    elif tally[Outcome.IN_FLIGHT]:
        yield "Whoever was sending it is gone: nobody can say whether those in flight have it."
        yield "Find out at the provider; then:"
        yield f"  newsletter mailings resolve {mailing.number} --accepted (or --not-sent)"
    if mailing.state is MailingState.FINISHED and tally[Outcome.REFUSED]:
        yield "The refused do not have it. Put right what it says above; then, to send it"
        yield f"to them, run: newsletter mailings retry {mailing.number}"
    if tally[Outcome.CANCELLED] and mailing.again:
        yield "The cancelled have at most what was sent before. A new mailing reaches them, and"
        yield from _then("all others once more:", f"{anew} --again REASON")
    elif tally[Outcome.CANCELLED]:
        yield from _then("The cancelled do not have it. A new mailing reaches them:", anew)


def _then(words: str, command: str) -> Iterator[str]:
    """The command in one piece: on a line of its own where both do not fit into 80 columns."""
    if len(words) + len(command) < _COLUMNS:
        yield f"{words} {command}"
    else:
        yield words
        yield f"  {command}"


def doubt_hint(mailing: int, count: int) -> Iterator[str]:
    """What to do about deliveries that nobody can tell about."""
    yield f"{show.number(count)} may or may not have it; they are not sent to again by themselves."
    yield f"What to do about them: newsletter mailings show {mailing}"


def deliveries(count: int) -> str:
    """Such as: 1 delivery, 1,200 deliveries."""
    return f"{show.number(count)} {'delivery' if count == 1 else 'deliveries'}"
