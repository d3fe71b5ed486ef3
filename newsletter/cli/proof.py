"""`newsletter proof`: a copy to staff before the mailing."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from newsletter.cli import show
from newsletter.cli.context import json_option, now, open_keys, open_store, workspace
from newsletter.errors import ProblemsFound, SendingRefused
from newsletter.model.letter import Verdict

if TYPE_CHECKING:
    from newsletter.model.rendered import Rendered
    from newsletter.pipeline import Prepared


@click.command()
@click.argument("issue")
@click.option("--to", "to", required=True, metavar="ADDRESS", help="Who gets the copy.")
@click.option("--as-reader", metavar="ADDRESS", help="Show it as this subscriber gets it.")
@click.option("--variant", metavar="NAME", help="Show the variant of this name (see `newsletter render`).")
@click.option("--approved-version", is_flag=True, help="Show what was signed off, although files changed since.")
@json_option
def proof(issue: str, to: str, as_reader: str | None, variant: str | None, approved_version: bool, json_: bool) -> int:
    """Send a copy of an issue to a colleague.

    The bytes are those that readers would get. Its unsubscribe link does nothing.

    \b
    Example:
      newsletter proof running-after-hip-resurfacing --to colleague@example.org
    """
    from newsletter import pipeline, wiring
    from newsletter.read import find_issue

    place = workspace(near=issue)
    prepared = pipeline.prepare(place, find_issue(place.folder, issue), now())
    if prepared.rendered is None and not approved_version:
        raise ProblemsFound(prepared.problems)
    store = open_store(place)
    if approved_version:
        signed = pipeline.ready_version(store, place, prepared, now(), approved_version=True)
        prepared = pipeline.as_it_goes(store, place, prepared, signed)
    keys = open_keys(place, store)
    sender = wiring.open_sender(place)
    reader = pipeline.reader_for_proof(store, keys, to, as_reader)
    named = None if variant is None else _of_that_name(prepared, variant)
    rendered = named or pipeline.variant_for(
        store, prepared, place.settings.segments, ZoneInfo(place.settings.newsletter.timezone), reader, now()
    )
    number, answer = pipeline.send_proof(place, store, keys, sender, prepared, rendered, reader, to, now())
    sender.close()
    if answer.verdict is not Verdict.ACCEPTED:
        raise SendingRefused(
            f"the proof was not accepted ({answer.verdict.value}): {answer.detail}", "Put this right and try again."
        )
    if json_:
        problems = [problem.as_json() for problem in prepared.problems]
        show.as_json(
            {
                "notice": number,
                "accepted": True,
                "fingerprint": rendered.fingerprint,
                "variant": rendered.variant,
                "problems": problems,
            }
        )
        return 0
    for line in show.problem_lines(prepared.problems):
        click.echo(line)
    which = f", as readers in {rendered.variant} get it," if rendered.variant else ""
    click.echo(f"Proof of {prepared.slug}{which} handed to {sender.name}.")
    if sender.name == "outbox":
        click.echo(f"It is {place.folder / 'outbox' / 'notices' / f'{number:06}.eml'}")
    return 0


def _of_that_name(prepared: Prepared, name: str) -> Rendered:
    by_name = {rendered.variant: rendered for rendered in prepared.variants}
    if name not in by_name:
        others = ", ".join(filter(None, by_name)) or "none but the one that everybody gets"
        msg = f"{prepared.slug} has no variant {name!r}; it has: {others}."
        raise click.UsageError(msg)
    return by_name[name]
