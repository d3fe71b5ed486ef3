"""A workspace and an issue -> what its rules may know beyond the issue: see newsletter/check/knowledge.py."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from newsletter.check.knowledge import Knowledge
from newsletter.model.problem import Place
from newsletter.pipeline import glossary
from newsletter.pipeline.claims import claims_of
from newsletter.references.journals.table import Journals
from newsletter.settings.cache import cache_folder
from newsletter.settings.load import FILE_NAME

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from newsletter.model.issue import Issue
    from newsletter.model.problem import Problem
    from newsletter.model.reference import Reference
    from newsletter.references.retractions.table import Retractions
    from newsletter.settings import Workspace


def knowledge_of(
    workspace: Workspace, issue: Issue, library: Mapping[str, Reference], now: datetime
) -> tuple[Knowledge, list[Problem]]:
    """What the rules may know, and what is wrong with the files that it comes from."""
    run_on = day_of(workspace, now)
    about_sources, problems = _knowledge_of_sources(workspace, library, issue.date or run_on, run_on)
    words, found = glossary.words_of(workspace)
    claims, ledger, broken = claims_of(workspace, issue.path)
    knowledge = replace(about_sources, words=words, claims=claims, ledger=ledger)
    return knowledge, [*problems, *found, *broken]


def knowledge_of_library(
    workspace: Workspace, library: Mapping[str, Reference], now: datetime
) -> tuple[Knowledge, list[Problem]]:
    """What the rules about references may know where no issue is at hand."""
    run_on = day_of(workspace, now)
    return _knowledge_of_sources(workspace, library, run_on, run_on)


def _knowledge_of_sources(
    workspace: Workspace, library: Mapping[str, Reference], today: date, run_on: date
) -> tuple[Knowledge, list[Problem]]:
    """The library, the journals, the retractions."""
    retractions, problems = retractions_of(workspace)
    knowledge = Knowledge(
        today=today, run_on=run_on, library=library, journals=journals_of(workspace), retractions=retractions
    )
    return knowledge, problems


def journals_of(workspace: Workspace) -> Journals:
    """All journals that the workspace knows: ours, and those that it imported."""
    return Journals(workspace.folder / workspace.settings.references.folder)


def day_of(workspace: Workspace, now: datetime) -> date:
    """The day where the workspace is."""
    return now.astimezone(ZoneInfo(workspace.settings.newsletter.timezone)).date()


def retractions_of(workspace: Workspace) -> tuple[Retractions | None, list[Problem]]:
    """The workspace's table of retractions, where its settings name one."""
    name = workspace.settings.references.retraction_watch
    if name is None:
        return None, []
    from newsletter.references.retractions.table import open_retractions

    at = Place(file=str(workspace.folder / FILE_NAME))
    return open_retractions(workspace.folder / name, cache_folder() / "retractions", at)
