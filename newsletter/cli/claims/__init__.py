"""`newsletter claims`: sentences that may claim too much, and who accepted them. A pre-screen, and it says so."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from newsletter.cli import show
from newsletter.cli.claims import listed, words
from newsletter.cli.context import json_option, now, workspace
from newsletter.model.problem import has_errors

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from newsletter.check.claims.screening import Claim
    from newsletter.pipeline.screening import Screened
    from newsletter.settings import Workspace

_LONGEST = 1_000


@click.group()
def claims() -> None:
    """Review sentences that may claim too much: a pre-screen.

    It looks for words that the workspace's rules name. It is no legal advice, it does not know what is true, and an issue
    that passes it may still break the law: have somebody read it who knows.

    \b
    Example:
      newsletter claims review running-after-hip-resurfacing
    """


@claims.command()
@click.argument("issue")
@click.option("--reviewer", metavar="NAME", help="Who reviews; asked for where it is not given.")
@json_option
def review(issue: str, reviewer: str | None, json_: bool) -> int:
    """Walk through the sentences that wait for a decision.

    Each is shown in its paragraph, with its rules, the reasons and what it cites; where another wording was accepted, with
    both. Accepting needs a reason; it is kept in claims.lock beside the issue, after every answer. Without a terminal the
    sentences are listed. Exit code 1 while something is open or refused. This is a pre-screen: accepting says that a person
    looked, not that a sentence is lawful.

    \b
    Example:
      newsletter claims review running-after-hip-resurfacing --reviewer "Dr. A. Example"
    """
    place = workspace(near=issue)
    found = _screened(place, issue)
    if found.screening.open and not json_ and _can_ask():
        _refuse_broken(found)
        _walk(found, reviewer, _today(place))
        found = _screened(place, issue)
        click.echo(words.verdict(found))
        return _code(found)
    return _tell(found, json_=json_)


@claims.command("list")
@click.argument("issue")
@json_option
def list_(issue: str, json_: bool) -> int:
    """List every flagged sentence, with its rules and what became of it.

    Exit code 1 while something is open or refused. A pre-screen, no legal advice.

    \b
    Example:
      newsletter claims list running-after-hip-resurfacing --json
    """
    return _tell(_screened(workspace(near=issue), issue), json_=json_)


@claims.command()
@click.argument("issue")
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@click.option("--reviewer", required=True, metavar="NAME", help="Who accepts.")
@click.option("--why", required=True, metavar="TEXT", help="Why the sentence may stand.")
@json_option
def accept(issue: str, ids: tuple[str, ...], reviewer: str, why: str, json_: bool) -> None:
    """Accept sentences by their ids, as `newsletter claims list` shows them.

    All ids are looked up before anything is written. A refused sentence cannot be accepted: change it, or its rule.

    \b
    Example:
      newsletter claims accept running-after-hip-resurfacing 3f9a1c0e --reviewer "Dr. A. Example" --why "Table 2 of the trial"
    """
    from newsletter.pipeline.screening import sign

    name, reason = _line("--reviewer", reviewer), _line("--why", why)
    place = workspace(near=issue)
    found = _screened(place, issue)
    chosen = list({claim.hash: claim for claim in (_named(found, one) for one in ids)}.values())
    _refuse_broken(found)
    for claim in chosen:
        sign(found.path, claim, name, reason, _today(place))
    if json_:
        show.as_json({"accepted": [claim.id for claim in chosen], "reviewer": name, "why": reason})
    for claim in () if json_ else chosen:
        click.echo(f"Accepted {claim.id} ({claim.flag.rule.id}): {words.short(claim.flag.statement.readable)}")


@claims.command()
@click.argument("issue")
@json_option
def tidy(issue: str, json_: bool) -> None:
    """Remove signatures for sentences that are not flagged any more.

    One for a sentence that is there in another wording stays until the new wording is signed.

    \b
    Example:
      newsletter claims tidy running-after-hip-resurfacing
    """
    from newsletter.pipeline.screening import forget

    found = _screened(workspace(near=issue), issue)
    _refuse_broken(found)
    stale = found.screening.stale
    if stale:
        forget(found.path, [entry.hash for entry in stale])
    if json_:
        show.as_json({"removed": [{"hash": entry.hash, "sentence": entry.sentence} for entry in stale]})
        return
    for entry in stale:
        click.echo(f"Removed: {words.short(entry.sentence)} (accepted by {show.clean(entry.reviewer)})")
    for claim in found.screening.reworded:
        click.echo(
            f"Kept, for its sentence waits in another wording: {words.short(claim.before.sentence if claim.before else '')}"
        )
    click.echo(f"{len(stale)} removed." if stale else "Nothing to remove.")


@claims.command()
@click.argument("rule", required=False)
@json_option
def rules(rule: str | None, json_: bool) -> int:
    """Show the rules in force and why each is there, or all of one RULE.

    They look for words: a pre-screen, no legal advice.

    \b
    Example:
      newsletter claims rules
      newsletter claims rules cure
    """
    from newsletter.errors import ServiceMissing
    from newsletter.pipeline.claims import NO_RULES, rules_of
    from newsletter.validate import nearest

    in_force, problems = rules_of(workspace())
    if in_force is None and not problems:
        raise ServiceMissing("claims", NO_RULES)
    known = in_force.by_id if in_force else {}
    if rule and rule not in known:
        guess = nearest(rule, known)
        msg = f"There is no claims rule {rule!r}." + (f" Did you mean {guess}?" if guess else "")
        raise click.UsageError(msg)
    shown = [known[rule]] if rule else list(known.values())
    if json_:
        show.as_json(
            {"rules": [words.rule_facts(one) for one in shown], "problems": [one.as_json() for one in problems]}
            | {"note": words.NOTE}
        )
    else:
        for line in [*show.problem_lines(problems), *words.rule_lines(shown, whole=bool(rule)), "", words.NOTE]:
            click.echo(line)
    return 1 if has_errors(problems) else 0


def _screened(place: Workspace, issue: str) -> Screened:
    from newsletter.pipeline.screening import screened
    from newsletter.read import find_issue

    return screened(place, find_issue(place.folder, issue))


def _can_ask() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def _today(place: Workspace) -> date:
    return now().astimezone(ZoneInfo(place.settings.newsletter.timezone)).date()


def _refuse_broken(found: Screened) -> None:
    """Nothing is written where something cannot be read: it would be lost."""
    from newsletter.errors import ProblemsFound

    if found.ledger.broken:
        raise ProblemsFound([one for one in found.problems if one.code == "claims-lock-broken"])


def _tell(found: Screened, *, json_: bool) -> int:
    if json_:
        show.as_json(listed.facts(found))
        return _code(found)
    for line in [*show.problem_lines(found.problems), *listed.lines(found)]:
        click.echo(line)
    click.echo(words.verdict(found))
    return _code(found)


def _code(found: Screened) -> int:
    waiting = found.screening.open or found.screening.refused or found.screening.missing
    return 1 if waiting or has_errors(found.problems) else 0


def _walk(found: Screened, reviewer: str | None, day: date) -> None:
    """Ask about one sentence after the other. Each answer is written at once, so Ctrl-C loses nothing."""
    from newsletter.pipeline.screening import sign

    click.echo(words.NOTE)
    name = _line("--reviewer", reviewer) if reviewer else _asked("Your name, as it will stand in claims.lock")
    waiting = listed.open_sentences(found)
    for number, sentence in enumerate(waiting, 1):
        click.echo(f"\n{click.style(f'{number} of {len(waiting)}', bold=True)}")
        for line in sentence.lines(found):
            click.echo(line)
        answer = click.prompt("a = accept, l = leave open, s = skip the rest", type=click.Choice(["a", "l", "s"]))
        if answer == "s":
            return
        if answer == "a":
            why = _asked("Why may it stand?")
            for claim in sentence.open:
                where = sign(found.path, claim, name, why, day)
                click.echo(f"Accepted {claim.id} ({claim.flag.rule.id}); written to {show.short(str(where))}.")


def _asked(question: str) -> str:
    """An answer with words in it."""
    while True:
        text = _one_line(click.prompt(question, type=str))
        if text:
            return text


def _named(found: Screened, wanted: str) -> Claim:
    """The open claim that an id, or the beginning of one, stands for.

    Raises:
        click.UsageError: none or several do, or it cannot be accepted.
    """
    waiting = _with_id(found.screening.open, wanted)
    if len(waiting) == 1:
        return waiting[0]
    if waiting:
        msg = f"{wanted} is the beginning of several ids: {', '.join(one.hash for one in waiting)}."
        raise click.UsageError(msg)
    other = _with_id(found.screening.claims, wanted)
    advice = f"See: newsletter claims list {found.issue.slug}"
    if other and other[0].accepted:
        advice = f"It was accepted already, by {show.clean(other[0].accepted.reviewer)}."
    elif other:
        advice = "It does not wait for a decision: change the sentence, or the rule in claims.yaml."
    msg = f"No open sentence has the id {wanted!r}. {advice}"
    raise click.UsageError(msg)


def _with_id(among: Sequence[Claim], wanted: str) -> list[Claim]:
    return [claim for claim in among if len(wanted) >= 4 and claim.hash.startswith(wanted.casefold())]


def _line(option: str, text: str) -> str:
    found = _one_line(text)
    if not found:
        msg = f"{option}: say it in words; it is kept in claims.lock."
        raise click.UsageError(msg)
    return found


def _one_line(text: str) -> str:
    """Without line breaks and signs that could steer a terminal."""
    return " ".join(show.clean(" ".join(text.split())).replace("\ufffd", " ").split())[:_LONGEST]
