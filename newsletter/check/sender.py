"""The settings that every reader sees: filled in, and enough to reach the sender."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.check.leftovers import LEFTOVER
from newsletter.model.problem import Place, warning

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsletter.model.issue import Issue
    from newsletter.model.problem import Problem
    from newsletter.model.reference import Reference
    from newsletter.settings import Settings

_FILE = Place(file="newsletter.toml")


def settings_are_filled_in(_: Issue, __: Sequence[Reference], settings: Settings) -> Iterator[Problem]:
    shown = [("newsletter.name", settings.newsletter.name)]
    shown += [(f"sender.{name}", str(value)) for name, value in settings.sender if value]
    for key, value in shown:
        if LEFTOVER.search(value):
            message = f'`{key}` still has to be filled in: "{value}"'
            yield warning("settings-leftover", _FILE, message, "Fill it in; every reader sees it.")


def readers_can_call(_: Issue, __: Sequence[Reference], settings: Settings) -> Iterator[Problem]:
    if not settings.sender.phone:
        message = "there is no phone number, but the disclaimers ask readers to call"
        yield warning("sender-phone-missing", _FILE, message, 'Add `phone = "..."` to the section [sender].')


RULES = (settings_are_filled_in, readers_can_call)
