"""The settings that every reader sees: filled in, and enough to reach the sender."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.check.rulebook import Finding, issue_rule
from newsletter.check.setting_places import place_of_setting
from newsletter.check.written.leftover_marks import PLACEHOLDER
from newsletter.check.written.leftovers import LEFTOVER
from newsletter.model.problem import Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.rulebook import Content

#: what stands in an example: "Your address here"; not "Your Health", "Care starts here"
_THING = (
    r"(?:own |full |postal |street |email |phone )?(?:name|address|street|phone|number|practice|clinic|company|organi[sz]ation|"
    r"website|tagline|email|city|newsletter|adresse|stra(?:ß|ss)e|telefonnummer|telefon|praxis|firma|verein|nombre|direcci[óo]n|"
    r"tel[ée]fono|cl[íi]nica|empresa|nom|t[ée]l[ée]phone|cabinet|entreprise)(?: name| address| number)?"
)
_YOURS = re.compile(
    rf"(?:(?:your|ihre?|deine?|su|tu|votre) )?{_THING} (?:here|hier|aquí|ici)|(?:your|ihre?|su|votre) {_THING}",
    re.IGNORECASE,
)
#: those whose shipped texts ask readers to call
_ASK_TO_CALL = frozenset({"delivery", "emergency"})


@issue_rule("settings-leftover", Level.WARNING)
def settings_are_filled_in(content: Content) -> Iterator[Finding]:
    """A setting that readers see and that still says TODO.

    A new newsletter begins with marks in `newsletter.toml` where the name, the address or the telephone number belong. They
    stand in the footer of every mail. Fill them in.

    Bad (newsletter.toml):

        [sender]
        organisation = "TODO: your practice"

    Good (newsletter.toml):

        [sender]
        organisation = "Larkmeadow Joint Clinic"
    """
    settings = content.settings
    shown = [("newsletter.name", settings.newsletter.name)]
    shown += [(f"sender.{name}", str(value)) for name, value in settings.sender if value]
    for key, value in shown:
        if is_to_be_filled_in(value):
            message = f'`{key}` still has to be filled in: "{value}"'
            at = place_of_setting(content.issue, *key.split("."))
            yield Finding(at=at, message=message, fix="Fill it in; every reader sees it.")


def is_to_be_filled_in(value: str) -> bool:
    """Whether it is what stands in a new newsletter.toml, or in an example."""
    return bool(LEFTOVER.search(value) or PLACEHOLDER.search(value) or _YOURS.fullmatch(value.strip()))


@issue_rule("sender-phone-missing", Level.WARNING)
def readers_can_call(content: Content) -> Iterator[Finding]:
    """No telephone number, though the disclaimers ask readers to call.

    The disclaimers tell readers that mail can get lost and that they should call. Add `phone` to the section `[sender]` of
    `newsletter.toml`.

    Bad (newsletter.toml):

        [sender]
        phone = []

    Good (newsletter.toml):

        [sender]
        phone = "213-555-0142"
    """
    if not content.settings.sender.phone and not _ASK_TO_CALL.isdisjoint(_disclaimers(content)):
        message = "there is no phone number, but the disclaimers ask readers to call"
        at = place_of_setting(content.issue, "sender", "phone")
        yield Finding(at=at, message=message, fix='Add `phone = "..."` to the section [sender].')


def _disclaimers(content: Content) -> Iterator[str]:
    """The ids that policy requires here, and those that the issue asks for itself."""
    policy = content.settings.policy
    yield from (*policy.required, *content.issue.disclaimers)
    for topic in content.issue.topics:
        yield from policy.topics.get(topic, ())


RULES = (settings_are_filled_in, readers_can_call)
