"""Asking for a passphrase: at the terminal without showing it, or one line from standard input."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable

#: more than any passphrase has: a whole file was not meant
_LONGEST_LINE = 1000

stdin_option: Callable[[Any], Any] = click.option(
    "--passphrase-stdin", "from_stdin", is_flag=True, help="Read the passphrase from standard input, one line."
)


def asked(whose: str, *, from_stdin: bool) -> str:
    """The passphrase of somebody who has one."""
    return _line() if from_stdin else _typed(f"Passphrase of {whose}")


def asked_twice(whose: str, *, from_stdin: bool) -> str:
    """A new one; typed twice, since nobody sees it."""
    if from_stdin:
        return _line()
    first = _typed(f"New passphrase of {whose} (10 characters or more)")
    if _typed("The same once more") != first:
        msg = "The two are not the same; nothing was changed."
        raise click.UsageError(msg)
    return first


def _typed(question: str) -> str:
    _refuse_without_terminal()
    return str(click.prompt(question, hide_input=True, err=True))


def _refuse_without_terminal() -> None:
    if not sys.stdin.isatty():
        msg = "There is no terminal to type a passphrase at: add --passphrase-stdin, and give it on standard input."
        raise click.UsageError(msg)


def _line() -> str:
    """Without its line end. Never from an argument: other users of the machine see those."""
    passphrase = sys.stdin.readline(_LONGEST_LINE).rstrip("\r\n")
    if not passphrase:
        msg = "--passphrase-stdin: nothing came on standard input."
        raise click.UsageError(msg)
    return passphrase
