"""The `newsletter` command. Commands are loaded when they are used, so that `--help` stays fast.

Exit codes: 0 done, 1 problems found, 2 usage, 3 partly sent or in doubt, 4 refused for safety, 5 settings or a service
is missing.
"""

from __future__ import annotations

import importlib
import os
import sys
from typing import TYPE_CHECKING

import click

from newsletter.cli.outlasting import watch_for_readers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from newsletter.errors import NewsletterError

#: command -> (module and function, the line that `newsletter --help` shows); a test holds the lines to the commands
COMMANDS: Mapping[str, tuple[str, str]] = {
    "init": ("newsletter.cli.init:init", "Make a workspace: settings, a first issue, its secret."),
    "new": ("newsletter.cli.issues:new", "Begin a new issue."),
    "check": ("newsletter.cli.check:check", "Tell what is wrong with issues, and what to do about it."),
    "render": ("newsletter.cli.issues:render", "Write an issue as HTML, text and mail files."),
    "diff": ("newsletter.cli.diff:diff", "Show what changed in the mail of an issue since a commit."),
    "screenshot": (
        "newsletter.cli.screenshot:screenshot",
        "Write pictures of an issue's mail: phone and desktop, light and dark.",
    ),
    "references": ("newsletter.cli.references:references", "Keep the library that all issues cite from."),
    "claims": ("newsletter.cli.claims:claims", "Review sentences that may claim too much: a pre-screen."),
    "preview": ("newsletter.cli.preview:preview", "Show issues in the browser while they are written."),
    "proof": ("newsletter.cli.proof:proof", "Send a copy of an issue to a colleague."),
    "people": ("newsletter.cli.people:people", "Say who writes issues and who signs them off."),
    "approve": ("newsletter.cli.approvals:approve", "Sign an issue off, with a passphrase."),
    "approvals": (
        "newsletter.cli.approvals:approvals",
        "Show who signed which issue off, what is missing, and take a signature back.",
    ),
    "send": ("newsletter.cli.send:send", "Send an issue to a list, or go on with an interrupted mailing."),
    "schedule": ("newsletter.cli.schedule.once:schedule", "Plan a mailing for a time, or for every first Tuesday."),
    "unschedule": (
        "newsletter.cli.schedule.off:unschedule",
        "Take a mailing off the schedule, or end a recurring one.",
    ),
    "calendar": ("newsletter.cli.schedule.looking:calendar", "Show what is planned, held, missed and lately sent."),
    "run-due": (
        "newsletter.cli.due.running:run_due",
        "Do everything that is due, for cron: `newsletter cron` prints the line for it.",
    ),
    "cron": (
        "newsletter.cli.due.crontab:cron",
        "Print the line for cron, or the timer for systemd, that runs `newsletter run-due`.",
    ),
    "audience": ("newsletter.cli.audience:audience", "Look at who would be mailed, and why others would not."),
    "mailings": (
        "newsletter.cli.mailings:mailings",
        "Show mailings and what became of every delivery, and stop, settle or repeat what needs it.",
    ),
    "report": (
        "newsletter.cli.report:report",
        "Report how a mailing went, or how a list grows: in numbers, with what cannot be known.",
    ),
    "evidence": (
        "newsletter.cli.evidence:evidence",
        "Make one file that proves what went out, and check such a file.",
    ),
    "events": ("newsletter.cli.events:events", "Look at what providers report: delivered, bounced, complained."),
    "mailbox": ("newsletter.cli.mailbox:mailbox", "Read mails that came back, and mails that ask to leave."),
    "corrections": (
        "newsletter.cli.corrections:corrections",
        "Put a dated note above an issue that was sent, and withdraw it.",
    ),
    "notices": (
        "newsletter.cli.notices:notices",
        "Look at mails to single people: confirmations, welcomes, links, copies of data.",
    ),
    "lists": ("newsletter.cli.lists:lists", "Add, change and show lists that readers can join."),
    "subscribers": ("newsletter.cli.subscribers:subscribers", "Import, show and change readers."),
    "suppressions": (
        "newsletter.cli.suppressions:suppressions",
        "Say who is never mailed again, whatever lists they are on.",
    ),
    "log": ("newsletter.cli.log:log", "Show who did what, and when."),
    "db": ("newsletter.cli.db:db", "Upgrade, check, back up and restore the database."),
    "doctor": (
        "newsletter.cli.doctor:doctor",
        "Look at everything that sending needs, and say what to do about it.",
    ),
    "form": ("newsletter.cli.form:form", "Print a sign-up form to paste into a website."),
    "serve": (
        "newsletter.cli.serve:serve",
        "Serve the pages that a mail links to, and send the mails that they promise.",
    ),
    "api-keys": (
        "newsletter.cli.api_keys:api_keys",
        "Make and end keys of the API, for your website or other programs.",
    ),
    "templates": ("newsletter.cli.templates:templates", "Show templates, and copy one to change it."),
    "clients": (
        "newsletter.cli.clients:clients",
        "Show what mail programs make of an issue, and renew what we know about them.",
    ),
    "schema": (
        "newsletter.cli.schema:schema",
        "Print the JSON Schema of settings or issues, or the OpenAPI of the API.",
    ),
}


#: the first sentence of a help text, however long
_WHOLE = 1000


class LazyGroup(click.Group):
    """A group whose commands are imported at their first use."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        if isinstance(command, click.Group):
            for below in command.commands.values():  # else each line ends after the width of a terminal, with dots
                below.short_help = below.get_short_help_str(_WHOLE)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("-C", "folder", metavar="DIR", help="Use the workspace in DIR (or set NEWSLETTER_WORKSPACE).")
@click.version_option(package_name="newsletter-pipeline", message="%(version)s")
@click.pass_context
def cli(ctx: click.Context, folder: str | None) -> None:
    """Write a newsletter in a folder, check it, and send it once to each reader.

    \b
    Example:
      newsletter init my-letter
      newsletter check welcome
      newsletter send welcome --to friends
    """
    ctx.obj = folder


def main() -> None:
    """The entry point: every error becomes words and an exit code, never a traceback."""
    watch_for_readers()
    try:
        code = cli.main(prog_name="newsletter", standalone_mode=False)
    except click.ClickException as why:
        _say_json({"error": "UsageError", "message": why.format_message(), "next_step": "See --help.", "problems": []})
        why.show()
        sys.exit(why.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("\nStopped; nothing more was done.", err=True)
        sys.exit(3)
    except Exception as why:  # the last edge: a traceback is of no use to the people who use this
        # imported only now: our classes of errors would take a tenth of the time of --help
        from newsletter.errors import NewsletterError

        if isinstance(why, NewsletterError):
            sys.exit(_say(why))
        if os.environ.get("NEWSLETTER_DEBUG"):
            raise
        sys.exit(_say_fault(why))
    sys.exit(code if isinstance(code, int) else 0)


def _say(why: NewsletterError) -> int:
    from newsletter.cli.words import as_json, exit_code, explain

    _say_json(as_json(why))
    click.echo(explain(why), err=True)
    return exit_code(why)


def _say_fault(why: Exception) -> int:
    from newsletter.cli.words import explain_fault

    words, code = explain_fault(why)
    what, _, advice = words.partition("\n")
    _say_json({"error": type(why).__name__, "message": what, "next_step": advice, "problems": []})
    click.echo(words, err=True)
    return code


def _say_json(facts: Mapping[str, object]) -> None:
    """The same for programs, on standard output, where it was asked for."""
    if "--json" in sys.argv:
        from newsletter.cli import show

        show.as_json(facts)
