"""`newsletter notices retry`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from newsletter.cli import show
from newsletter.cli.context import json_option, now, open_store, workspace
from newsletter.cli.mailings.asking import ask
from newsletter.errors import NoticeNotFound, SendingRefused
from newsletter.model.mailing import ChunkState
from newsletter.model.notice_mail import NoticeKind

if TYPE_CHECKING:
    from newsletter.model.notice_mail import NoticeMail


@click.command("retry")
@click.argument("number", type=click.IntRange(1))
@click.option("--yes", is_flag=True, help="Do not ask.")
@json_option
def retry_(number: int, yes: bool, json_: bool) -> None:
    """Send a mail to a single person again that was refused, is uncertain, or waits.

    One that is uncertain may have come: then they get it twice. `newsletter serve` sends it, or `newsletter notices send`.

    \b
    Example:
      newsletter notices retry 12
    """
    from newsletter.deliver.notices import life_of
    from newsletter.model.audit import Action
    from newsletter.store import audit, notices, notices_waiting

    place = workspace()
    store = open_store(place)
    with store.read() as connection:
        notice = notices.find(connection, number)
    if notice is None or notice.kind is NoticeKind.PROOF:
        raise NoticeNotFound(number)
    _refuse(notice)
    if now() >= notice.created_at + life_of(notice.kind, place.settings.signup.confirm_days):
        raise SendingRefused(f"the link of notice {number} does not work any more", "Let them ask for it again.")
    if notice.state is ChunkState.UNCERTAIN and not yes:
        ask("It may have come. Send it again?", "Nothing was changed.")
    with store.write() as connection:
        planned = notices_waiting.retry(connection, number, [notice.state])
        if planned:
            audit.note(connection, Action.NOTICE_RETRIED, f"notice {number}", now(), kind=notice.kind, was=notice.state)
    if not planned:
        raise SendingRefused(f"notice {number} changed meanwhile", "See `newsletter notices list`.")
    if json_:
        show.as_json({"number": number, "state": ChunkState.PLANNED.value})
        return
    click.echo(f"Notice {number} waits to be sent: `newsletter serve` does so by itself, or newsletter notices send")


def _refuse(notice: NoticeMail) -> None:
    """Raises:
    SendingRefused: it was sent, is being sent, or its person was erased.
    """
    if notice.address is None:
        raise SendingRefused(f"the person of notice {notice.number} was erased", "Nothing is sent to them any more.")
    if notice.state is ChunkState.SUBMITTING:
        raise SendingRefused(f"notice {notice.number} is on its way just now", "Look again in half an hour.")
    if notice.state is ChunkState.ACCEPTED:
        why = f"notice {notice.number} was handed over" + (f" ({notice.fate})" if notice.fate else "")
        raise SendingRefused(why, "Let them ask for it again, so that its link is a new one.")
