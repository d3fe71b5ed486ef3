"""The options with which somebody types a reader's fields, and what they come to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import click

from newsletter.model.consent import Said
from newsletter.model.subscriber import ConsentSource

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from newsletter.settings.schema import Attribute
    from newsletter.subscribers.editing import Edit

_Command = TypeVar("_Command", bound="Callable[..., Any]")

_OPTIONS = (
    click.option("--first-name", metavar="NAME", help="What mails call them by."),
    click.option("--last-name", metavar="NAME", help="Their family name."),
    click.option("--language", metavar="TAG", help="Such as en, de or es-MX."),
    click.option("--timezone", metavar="ZONE", help="Such as Europe/Berlin."),
    click.option("--set", "set_", metavar="NAME=VALUE", multiple=True, help="Set an attribute; repeatable."),
)


def field_options(command: _Command) -> _Command:
    """--first-name, --last-name, --language, --timezone, --set"""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def typed_edit(typed: Mapping[str, Any], attributes: Mapping[str, Attribute], unset: Sequence[str] = ()) -> Edit:
    """`typed` is what the options gave.

    Raises:
        click.UsageError: a name or a value cannot be used.
    """
    from newsletter.subscribers.editing import read_edit

    fields = {name: value for name, value in typed.items() if name != "set_"}
    try:
        return read_edit(fields, typed["set_"], unset, attributes)
    except ValueError as why:
        raise click.UsageError(_sentence(str(why))) from None


def tag_names(texts: Sequence[str]) -> tuple[str, ...]:
    """Raises:
    click.UsageError
    """
    from newsletter.model.tag import tag_key, tag_name

    try:
        names = [tag_name(text) for text in texts]
    except ValueError as why:
        raise click.UsageError(_sentence(str(why))) from None
    return tuple({tag_key(name): name for name in reversed(names)}.values())[::-1]


def said_by_hand(consent: str | None, wording: str | None, moment: datetime) -> Said:
    """What staff state for somebody.

    Raises:
        click.UsageError: an option is empty, or the wording has no ground.
    """
    for option, text in (("--consent", consent), ("--wording", wording)):
        if text is not None and not text.strip():
            msg = f"{option} is empty. Say how and when they agreed, or leave it out."
            raise click.UsageError(msg)
    if wording and not consent:
        msg = "--wording are the words that they agreed to; say with --consent how and when they did."
        raise click.UsageError(msg)
    return Said(
        source=ConsentSource.BY_HAND, at=moment, recorded_at=moment, ground=consent or "", wording=wording or ""
    )


def _sentence(text: str) -> str:
    """A name in front keeps its spelling: it is quoted."""
    return f"{text[0].upper()}{text[1:]}{'' if text.endswith(('.', '?')) else '.'}"
