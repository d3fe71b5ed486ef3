"""A workspace and an issue -> what its rules may know beyond the issue: see newsletter/check/knowledge.py."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from newsletter.check.knowledge import Knowledge

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from newsletter.model.issue import Issue
    from newsletter.model.problem import Problem
    from newsletter.model.reference import Reference
    from newsletter.settings import Workspace


def knowledge_of(
    workspace: Workspace, issue: Issue, library: Mapping[str, Reference], now: datetime
) -> tuple[Knowledge, list[Problem]]:
    """What the rules may know, and what is wrong with the files that it comes from."""
    problems: list[Problem] = []
    zone = ZoneInfo(workspace.settings.newsletter.timezone)
    return (
        Knowledge(
            today=issue.date or now.astimezone(zone).date(),
            library=library,
        ),
        problems,
    )
