"""`newsletter mailbox take`."""

from __future__ import annotations

import sys

import click

from newsletter.cli.context import now, open_store, workspace
from newsletter.cli.words import explain, explain_fault
from newsletter.errors import NewsletterError

#: longer mails are kept so far: a report says what it has to say at its beginning
_MOST_BYTES = 200_000
#: what mail servers understand as "keep it and come again" (sysexits.h, EX_TEMPFAIL)
_TRY_LATER = 75


@click.command()
@click.argument("recipients", nargs=-1, metavar="[RECIPIENT]...")
def take(recipients: tuple[str, ...]) -> int:
    """Take one mail from standard input: a mail server calls this for each mail that comes to the mailbox.

    The mail is only kept here; `newsletter serve` or `newsletter events handle` does what follows from it. RECIPIENT is
    the address that it came to, or several. Exit code 75 when it could not be kept: then the mail server tries again
    later.

    \b
    Example:
      newsletter mailbox take news+bquz4...@mail.example.org < mail.eml

    \b
    For Postfix (master.cf):
      newsletter unix - n n - - pipe flags=q user=newsletter
        argv=newsletter -C /srv/letters mailbox take ${original_recipient}
    """
    from sqlalchemy.exc import SQLAlchemyError

    from newsletter.pipeline import mailbox

    mail = sys.stdin.buffer.read(_MOST_BYTES)
    # what is left must be read, or the mail server takes its broken pipe for a failure
    while sys.stdin.buffer.read(_MOST_BYTES):
        pass
    try:
        store = open_store(workspace())
        for recipient in recipients or ("",):  # each may be another reader's; what is kept twice counts once
            mailbox.take(store, mail, recipient.strip(), now())
    except (NewsletterError, SQLAlchemyError, OSError) as why:
        told = explain(why) if isinstance(why, NewsletterError) else explain_fault(why)[0]
        click.echo(f"The mail was not kept; the mail server should try again later.\n{told}", err=True)
        return _TRY_LATER
    return 0
