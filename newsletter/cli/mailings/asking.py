"""The question before something that cannot be taken back."""

from __future__ import annotations

import sys

import click


def ask(question: str, otherwise: str) -> None:
    """Exit code 2, as for any command that was not carried out, unless the answer is yes; `otherwise` says what did not happen."""
    try:
        agreed = click.confirm(question, err=True)
    except click.Abort:
        if sys.stdin.isatty():
            raise
        click.echo(err=True)  # the question has no line of its own yet
        msg = f"{otherwise} Nobody answered: add --yes where nobody can be asked."
        raise click.UsageError(msg) from None
    if not agreed:
        click.echo(otherwise, err=True)
        raise click.exceptions.Exit(2)
