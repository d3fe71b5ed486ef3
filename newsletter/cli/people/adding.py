"""`newsletter people add`."""

from __future__ import annotations

import click

from newsletter.cli import show
from newsletter.cli.context import actor, json_option, now, open_store, workspace
from newsletter.cli.passphrase import asked_twice, stdin_option
from newsletter.cli.people.words import also_of, email_of, line_of, name_of, person_json, roles_of


@click.command("add")
@click.argument("name")
@click.option("--email", required=True, metavar="ADDRESS", help="Their address; git and `authors` may know them by it.")
@click.option(
    "--role", "roles", multiple=True, metavar="ROLE", help="What they sign as, such as physician; repeatable."
)
@click.option(
    "--also", "also", multiple=True, metavar="NAME", help="Another name or address of theirs, in git say; repeatable."
)
@stdin_option
@json_option
def add(name: str, email: str, roles: tuple[str, ...], also: tuple[str, ...], from_stdin: bool, json_: bool) -> None:
    """Add somebody who writes or signs off, with a passphrase of their own.

    The passphrase is theirs alone: they type it here, twice, and nobody can read it afterwards.

    \b
    Example:
      newsletter people add "Ana Ruiz" --email ana@example.org --role physician
      newsletter people add "Ben Lee" --email ben@example.org --role editor --also blee@example.com
    """
    from newsletter.model.audit import Action
    from newsletter.model.staff import StaffMember
    from newsletter.pipeline.passphrases import new_hash
    from newsletter.store import audit, staff

    place, moment = workspace(), now()
    person = StaffMember(
        number=0,
        name=name_of(name),
        email=email_of(email),
        roles=roles_of(roles),
        aliases=also_of(also),
        created_at=moment,
    )
    store = open_store(place)
    hashed = new_hash(asked_twice(person.name, from_stdin=from_stdin), person)
    with store.write() as connection:
        person = staff.add(connection, person, hashed)
        held = {role for one in staff.every(connection) for role in one.roles}
        audit.append(
            connection,
            actor(),
            Action.PERSON_ADDED,
            f"person {person.name}",
            moment,
            number=person.number,
            roles=person.roles,
        )
    if json_:
        show.as_json(person_json(person))
        return
    click.echo(f"Added {line_of(person)}")
    if unheld := [role for role in place.settings.policy.approver_roles if role not in held]:
        click.echo(f"Nobody has this role yet, which policy.approver_roles asks for: {', '.join(unheld)}.")
    click.echo(f'To sign an issue: newsletter approve ISSUE --as "{show.clean(person.name)}"')
