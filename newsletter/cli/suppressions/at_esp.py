"""What `suppressions remove` does at the provider, which drops mail to people whom it holds back itself."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from newsletter.cli import show
from newsletter.cli.context import now
from newsletter.errors import ProviderFailed, SuppressionNotFound

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from newsletter.pipeline.syncing import SuppressionMirror
    from newsletter.settings import Workspace
    from newsletter.store.database import Store


def open_mirror(place: Workspace, *, needed: bool) -> SuppressionMirror | None:
    """Raises:
    click.UsageError: it is needed, and no provider of this workspace can be asked.
    """
    from newsletter import wiring

    mirror = wiring.open_mirror(place)
    if mirror is None and needed:
        msg = (
            'That needs a provider with suppressions of its own: [esp] name = "sendgrid", and SENDGRID_API_KEY in .env.'
        )
        raise click.UsageError(msg)
    return mirror


def shall_let_go(mirror: SuppressionMirror, *, is_held_back: bool, wanted: bool, yes: bool) -> bool:
    """Whoever was asked for it, or says so on a terminal."""
    if wanted or not is_held_back or yes or not sys.stdin.isatty():
        return wanted
    return click.confirm(
        f"{mirror.name} holds the address back too. Have it let go of it, so that mail arrives?", err=True
    )


def let_go(store: Store, key: str, spellings: tuple[str, ...], mirror: SuppressionMirror) -> bool:
    """Before anything is lifted here: the other way round mail would be sent, and dropped.

    Raises:
        ProviderFailed
    """
    from newsletter.pipeline import lifting

    try:
        return lifting.let_go(store, key, spellings, mirror, now())
    except ProviderFailed as why:
        here = "To lift it here only, leave out --at-esp; mail does not arrive then."
        raise ProviderFailed(why.provider, f"{why.why}; nothing was lifted", f"{why.next_step} {here}") from None


def only_there(
    store: Store, key: str, spellings: tuple[str, ...], mirror: SuppressionMirror | None, *, json_: bool
) -> None:
    """Somebody who is not suppressed here, or not any more."""
    if mirror is None:
        raise SuppressionNotFound
    done = let_go(store, key, spellings, mirror)
    if json_:
        show.as_json({"lifted": None, "let_go_by_provider": done})
        return
    said = "has let go of it" if done else "does not hold it back either"
    click.echo(f"Not suppressed here. {mirror.name} {said}.")


def spellings(connection: Connection, key: str, *given: str) -> tuple[str, ...]:
    """The provider may tell them apart."""
    from newsletter.store.people import subscribers

    reader = subscribers.find(connection, key)
    return (*given, *([reader.address] if reader else []))


def line(
    person: str, place: Workspace, mirror: SuppressionMirror | None, *, held_back: bool, let_go: bool | None
) -> str | None:
    """What somebody who expects mail to arrive should know. `let_go` is None where the provider was not asked."""
    if let_go is not None and mirror:
        return f"{mirror.name} {'has let go of it too' if let_go else 'did not hold it back'}."
    again = f"newsletter suppressions remove {show.clean(person)} --at-esp"
    if mirror and held_back:
        return f"{mirror.name} still holds it back, so mail does not arrive. To have it let go: {again}"
    if mirror:
        return f"{mirror.name} may hold it back too; then mail does not arrive. To have it let go: {again}"
    if (name := place.settings.esp.name) != "outbox":
        return f"Your provider ({name}) may hold the address back too: take it off the suppressions there."
    return None
