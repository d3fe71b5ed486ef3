"""Whether the disclaimers inside a version are still those that are in force: whoever signed it, no other may go out."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from newsletter import policy
from newsletter.pipeline.sources import DISCLAIMER, disclaimer_label, disclaimer_text, hash_of

if TYPE_CHECKING:
    from datetime import datetime

    from newsletter.model.version import Version
    from newsletter.settings import Workspace


def outdated_disclaimers(workspace: Workspace, version: Version, now: datetime) -> list[str]:
    """Labels of those that are not in force any more, or not in this form."""
    from newsletter.read import load_disclaimers

    inside = {label: hash_ for label, hash_ in version.sources.items() if label.startswith(DISCLAIMER)}
    catalogue, _ = load_disclaimers((workspace.templates,), workspace.settings)
    day = now.astimezone(ZoneInfo(workspace.settings.newsletter.timezone)).date()
    today = {
        disclaimer_label(one): hash_of(disclaimer_text(one))
        for one in catalogue
        if policy.in_force(one.id, one.language, catalogue, day) == one
    }
    return sorted(label for label, hash_ in inside.items() if today.get(label) != hash_)
