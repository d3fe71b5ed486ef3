"""A workspace that the doctor looks at, with as much or as little around it as a test wants."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from newsletter.pipeline.doctor.finding import State
from newsletter.pipeline.doctor.look import Look
from newsletter.settings import Workspace
from newsletter.settings.schema import Settings

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from newsletter.pipeline.doctor.finding import Finding

NOW = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)
BASE: dict[str, Any] = {
    "newsletter": {"name": "Letters", "base_url": "https://news.larkmeadow.org"},
    "sender": {
        "name": "Larkmeadow",
        "address": "letters@larkmeadow.org",
        "postal_address": "12 Meadow Lane, Springfield, CA 90001",
    },
    "operator": {"address": "ops@larkmeadow.org"},
}


def workspace(folder: Path, secrets: dict[str, str] | None = None, **sections: dict[str, Any]) -> Workspace:
    given = {name: {**BASE.get(name, {}), **section} for name, section in sections.items()}
    return Workspace(folder=folder, settings=Settings.model_validate(BASE | given), secrets=secrets or {})


def look_at(place: Workspace, **around: Any) -> Look:
    given: dict[str, Any] = {"workspace": place, "now": NOW, "store": None, **around}
    return Look(**given)


def codes(found: Iterable[Finding], *states: State) -> set[str]:
    """Of what is wrong or a warning, unless states are named; each such finding says what to do."""
    found = list(found)
    assert all(one.fix for one in found if one.state in {State.WRONG, State.WARNING}), found
    assert all(one.what for one in found)
    return {one.code for one in found if one.state in (states or (State.WRONG, State.WARNING))}
