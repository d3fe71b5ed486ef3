"""`newsletter doctor`."""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsletter.cli.context import json_option, now, workspace
from newsletter.cli.doctor.shown import tell

if TYPE_CHECKING:
    from collections.abc import Collection

    from newsletter.pipeline.doctor.delivered_reception import Judge
    from newsletter.probe.dns.asking import Dns


@click.command()
@click.option("--only", multiple=True, metavar="NAME", help="Look at this area only; may be repeated.")
@click.option("--offline", is_flag=True, help="Ask nobody outside: no provider, no DNS, none of your pages.")
@click.option("--message", type=click.Path(path_type=Path), metavar="FILE", help="Read a mail that arrived (.eml).")
@click.option("--selector", multiple=True, metavar="NAME", help="A DKIM key to look at: s= in a mail's signature.")
@click.option("--nameserver", multiple=True, metavar="IP", help="Ask this name server, not those of the machine.")
@json_option
def doctor(
    *,
    only: tuple[str, ...],
    offline: bool,
    message: Path | None,
    selector: tuple[str, ...],
    nameserver: tuple[str, ...],
    json_: bool,
) -> int:
    """Look at everything that sending needs, and say what to do about it.

    Nothing is changed, and nothing is sent. Exit code 1 when something is wrong; warnings alone are no failure.

    With --message a mail is read that really arrived: save it from your own mailbox as its source (in Gmail: Show
    original, Download). No address of it is printed.

    \b
    Example:
      newsletter doctor
      newsletter doctor --only dns --only provider
      newsletter doctor --message arrived.eml
    """
    from newsletter.cli.doctor.wards import check_areas, check_selectors

    check_selectors(selector, of_a_mail=message is not None)
    check_areas(only, of_a_mail=message is not None)
    dns = None if offline else _dns(nameserver)
    if message is not None:
        return _mail(message, dns, only, json_=json_)
    return _house(dns, only, selector, json_=json_)


def _dns(nameserver: tuple[str, ...]) -> Dns:
    from newsletter.probe.dns.asking import Dns, NotAServer

    try:
        return Dns(nameserver)
    except NotAServer as why:
        msg = f"{why} is no IP address of a name server. Name one such as 9.9.9.9 or 127.0.0.1:5353."
        raise click.UsageError(msg) from None


def _house(dns: Dns | None, only: Collection[str], selector: tuple[str, ...], *, json_: bool) -> int:
    from newsletter import wiring
    from newsletter.cli.doctor.opening import asking, opened
    from newsletter.pipeline.doctor.areas import TITLES, examine
    from newsletter.pipeline.doctor.look import Look

    place = workspace()
    store, fault = opened(place)
    look = Look(
        workspace=place,
        now=now(),
        store=store,
        store_fault=fault,
        keys=wiring.keys_at_hand(place),
        dns=dns,
        requests=asking() if dns else None,
        selectors=selector,
        named=frozenset(only),
    )
    if store is None:
        return tell(list(examine(look, only)), TITLES, json_=json_)
    with closing(store):
        return tell(list(examine(look, only)), TITLES, json_=json_)


def _mail(file: Path, dns: Dns | None, only: Collection[str], *, json_: bool) -> int:
    from newsletter.cli.doctor.opening import content_of
    from newsletter.pipeline.doctor.delivered import NotAMail, read
    from newsletter.pipeline.doctor.delivered_areas import TITLES, examine

    try:
        mail = read(content_of(file))
    except NotAMail as why:
        from newsletter.errors import FileUnreadable

        raise FileUnreadable(file, f"{why}. {why.next_step}".rstrip(".")) from None
    return tell(list(examine(mail, dns, _judge(), only)), TITLES, json_=json_)


def _judge() -> Judge | None:
    """The spam filter of this machine, unless the settings at hand do not want it; a mail is read anywhere."""
    from newsletter.errors import BadSettings, WorkspaceNotFound
    from newsletter.probe.spamassassin import SpamAssassin

    if os.environ.get("NEWSLETTER_CHECKS_SPAM_FILTER", "").strip().lower() in {"false", "0", "no", "off"}:
        return None
    try:
        wanted = workspace().settings.checks.spam_filter
    except (BadSettings, WorkspaceNotFound):
        wanted = True
    return SpamAssassin() if wanted else None
