"""`newsletter people edit`, `passphrase` and `remove`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from newsletter.cli import show
from newsletter.cli.context import actor, json_option, now, open_store, workspace
from newsletter.cli.passphrase import asked, asked_twice, stdin_option
from newsletter.cli.people.words import also_of, email_of, line_of, name_of, person_json, roles_of
from newsletter.model.staff import key_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from newsletter.model.staff import StaffMember
    from newsletter.settings import Workspace
    from newsletter.store.database import Store


@click.command("edit")
@click.argument("name")
@click.option("--name", "new_name", metavar="NAME", help="What they are called from now on.")
@click.option("--email", metavar="ADDRESS", help="Their address from now on.")
@click.option("--role", "roles", multiple=True, metavar="ROLE", help="All their roles from now on; repeatable.")
@click.option("--no-role", is_flag=True, help="They have no role any more.")
@click.option("--also", multiple=True, metavar="NAME", help="A further name or address of theirs; repeatable.")
@click.option("--not-also", multiple=True, metavar="NAME", help="A name that is not theirs after all; repeatable.")
@json_option
def edit(
    name: str,
    new_name: str | None,
    email: str | None,
    roles: tuple[str, ...],
    no_role: bool,
    also: tuple[str, ...],
    not_also: tuple[str, ...],
    json_: bool,
) -> None:
    """Change the name, address, roles or other names of somebody.

    A former name or address stays one of their other names: what they wrote under it is theirs. What they signed keeps the
    roles that they had then. It is noted in the log.

    \b
    Example:
      newsletter people edit "Ana Ruiz" --role physician --role editor
      newsletter people edit "Ben Lee" --also benlee@example.com
    """
    from newsletter.model.audit import Action
    from newsletter.store import audit, staff

    if roles and no_role:
        msg = "--role and --no-role: only one of the two."
        raise click.UsageError(msg)
    place, moment = workspace(), now()
    with open_store(place).write() as connection:
        before = staff.find(connection, name)
        gone = {key_of(text) for text in not_also}
        kept = [text for text in before.aliases if key_of(text) not in gone]
        after = replace(
            before,
            name=name_of(new_name, "--name") if new_name else before.name,
            email=email_of(email) if email else before.email,
            roles=roles_of(roles) if roles or no_role else before.roles,
            aliases=(),
        )
        # git and `authors` go on knowing them by it
        former = [
            text for text in (before.name, before.email) if not after.is_called(text) and key_of(text) not in gone
        ]
        after = replace(after, aliases=also_of([*kept, *also, *former]))
        if after == before:
            msg = "Say what to change: --name, --email, --role, --no-role, --also or --not-also."
            raise click.UsageError(msg)
        staff.change(connection, after)
        audit.append(
            connection, actor(), Action.PERSON_CHANGED, f"person {after.name}", moment, **_differences(before, after)
        )
    if json_:
        show.as_json(person_json(after))
        return
    click.echo(f"Changed to {line_of(after)}")


def _differences(before: StaffMember, after: StaffMember) -> dict[str, object]:
    """For the log: no address, only that it changed."""
    facts: dict[str, object] = {"number": before.number}
    if before.name != after.name:
        facts["name_was"] = before.name
    if before.roles != after.roles:
        facts |= {"roles_were": before.roles, "roles": after.roles}
    facts |= {what: "changed" for what in ("email", "aliases") if getattr(before, what) != getattr(after, what)}
    return facts


@click.command("passphrase")
@click.argument("name")
@click.option("--forgotten", metavar="REASON", help="They forgot it: do not ask for the present one. It is noted.")
@stdin_option
@json_option
def passphrase(name: str, forgotten: str | None, from_stdin: bool, json_: bool) -> None:
    """Set a new passphrase; the present one is asked for first.

    With --passphrase-stdin the first line is the present one, the second the new one; with --forgotten there is only one.

    \b
    Example:
      newsletter people passphrase "Ana Ruiz"
      newsletter people passphrase "Ana Ruiz" --forgotten "new phone, asked me in person"
    """
    from newsletter.model.audit import Action
    from newsletter.pipeline.passphrases import new_hash, still_theirs
    from newsletter.store import audit, staff

    if forgotten is not None and not forgotten.strip():
        msg = "--forgotten: say how you know that it is them; the reason is kept in the log."
        raise click.UsageError(msg)
    place, moment = workspace(), now()
    store = open_store(place)
    with store.read() as connection:
        person = staff.find(connection, name)
    proven = None if forgotten else _proven(store, person, from_stdin=from_stdin)
    hashed = new_hash(asked_twice(person.name, from_stdin=from_stdin), person)
    with store.write() as connection:
        if proven:
            still_theirs(connection, person, proven)
        staff.set_passphrase(connection, person.number, hashed)
        who = person.name if proven else actor()
        facts = {"passphrase": "set anew", "number": person.number} | ({"forgotten": forgotten} if forgotten else {})
        audit.append(connection, who, Action.PERSON_CHANGED, f"person {person.name}", moment, **facts)
    if json_:
        show.as_json(person_json(person) | {"passphrase": "set"})
        return
    click.echo(
        f"{show.clean(person.name)} has a new passphrase."
        + (" It is noted in the log who set it." if forgotten else "")
    )


def _proven(store: Store, person: StaffMember, *, from_stdin: bool) -> str:
    from newsletter.pipeline.passphrases import prove, refuse_while_waiting

    refuse_while_waiting(store, person, now())
    return prove(store, person, asked(person.name, from_stdin=from_stdin), actor(), now())


@click.command("remove")
@click.argument("name")
@click.option("--reason", required=True, metavar="WORDS", help="Why; it is kept in the log.")
@json_option
def remove(name: str, reason: str, json_: bool) -> None:
    """Remove somebody who has left. What they signed stays in the record, and no longer counts.

    An issue that is not sent yet needs another signature then. Somebody else may have their name later on.

    \b
    Example:
      newsletter people remove "Ben Lee" --reason "left the clinic"
    """
    from newsletter.model.audit import Action
    from newsletter.store import audit, staff

    if not reason.strip():
        msg = "--reason: say why; it is kept in the log."
        raise click.UsageError(msg)
    place, moment = workspace(), now()
    store = open_store(place)
    with store.write() as connection:
        person = staff.find(connection, name)
        staff.remove(connection, person, moment)
        facts = {"number": person.number, "reason": reason.strip()}
        audit.append(connection, actor(), Action.PERSON_REMOVED, f"person {person.name}", moment, **facts)
    if json_:
        show.as_json(person_json(replace(person, removed_at=moment)))
        return
    click.echo(f"Removed {show.clean(person.name)}. What they signed no longer counts: newsletter approvals list")
    for line in _what_waits(store, place, moment):
        click.echo(show.folded(line, "  "))


def _what_waits(store: Store, place: Workspace, moment: datetime) -> Iterator[str]:
    """Planned mailings that somebody else has to sign now; said while there is time to."""
    from newsletter.pipeline.signing import why_void
    from newsletter.store import scheduled, staff, versions

    with store.read() as connection:
        for one in scheduled.every(connection):
            version = versions.get(connection, one.version) if one.version is not None else None
            if version and why_void(connection, place, version, moment, approved_version=one.approved_version):
                yield (
                    f"Careful: mailing {one.number} ({one.issue}) is scheduled, and will be held until somebody else signs: "
                    f"newsletter approve {one.issue} --as NAME"
                )
        wanted, left = place.settings.policy.approvals, len(staff.every(connection))
    if left < wanted:
        yield f"Careful: policy asks for {wanted} to sign, and only {left} can: newsletter people add NAME --email ADDRESS"
