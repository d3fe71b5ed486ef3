"""An issue -> the report for its medical reviewer: every claim with its sources, the state of each check, who signed what."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from newsletter.check.claims.screening import screen
from newsletter.check.prose.languages import english
from newsletter.check.rulebook import Content
from newsletter.errors import ProblemsFound
from newsletter.model.document import cited_keys
from newsletter.model.variants import readers_in_words
from newsletter.pipeline.issue import prepare
from newsletter.pipeline.knowledge import knowledge_of
from newsletter.pipeline.report.checks import groups_of_checks
from newsletter.pipeline.report.facts import Edition, Report
from newsletter.pipeline.report.references import cited_references, sorted_out, table_described
from newsletter.pipeline.report.statements import statements_of
from newsletter.render.numbers import Numbers
from newsletter.settings.schema import Marks

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date, datetime
    from pathlib import Path

    from newsletter.model.reference import Entry
    from newsletter.pipeline.issue import Prepared
    from newsletter.settings import Workspace

#: letters of a fingerprint that people compare
_SHORT = 16


def report_of(workspace: Workspace, path: Path, now: datetime) -> Report:
    """Everything that `newsletter check` finds, told at the sentences and the references that it is about.

    Raises:
        ProblemsFound: the issue cannot be read.
    """
    prepared = prepare(workspace, path, now)
    content = _content(workspace, prepared, now)
    issue = content.issue
    made = now.astimezone(ZoneInfo(workspace.settings.newsletter.timezone)).date()
    entries = _entries(workspace, content)
    raised = workspace.settings.references.marks is Marks.SUPERSCRIPT
    of_references, others = sorted_out(content.references, prepared.problems)
    parts, rest = statements_of(content, others, Numbers(entries), raised=raised)
    shown = {one: _shown(one, workspace) for one in {str(issue.path), *(one.at.file for one in content.references)}}
    statements = [statement for part in parts for statement in part.statements]
    screening = screen(content)
    return Report(
        slug=prepared.slug,
        newsletter=workspace.settings.newsletter.name,
        title=issue.title,
        authors=issue.authors,
        dated=issue.date,
        file=shown[str(issue.path)],
        made=made,
        language=issue.language,
        editions=tuple(_editions(prepared)),
        raised=raised,
        parts=parts,
        references=cited_references(content.references, entries, of_references, statements, content.knowledge, shown),
        problems=tuple(rest),
        every_problem=tuple(prepared.problems),
        waivers=tuple(prepared.waivers),
        checks=tuple(
            groups_of_checks(prepared, workspace.settings, has_claim_rules=content.knowledge.claims is not None)
        ),
        limits=tuple(_limits(content, made, wrong_language=screening.wrong_language)),
        missing_notices=len(screening.missing),
    )


def _content(workspace: Workspace, prepared: Prepared, now: datetime) -> Content:
    """The issue as the rules saw it.

    Raises:
        ProblemsFound: it cannot be read.
    """
    from newsletter import references
    from newsletter.read import read_issue

    if prepared.issue is None:
        raise ProblemsFound(prepared.problems)
    reading = read_issue(prepared.path, workspace.settings, references.load, workspace.folder)
    if reading.issue is None:
        raise ProblemsFound(reading.problems)
    issue = reading.issue
    knowledge, _ = knowledge_of(workspace, issue, reading.references, now)
    return Content(
        issue=issue,
        whole=issue,
        references=tuple(reading.references[key] for key in cited_keys(issue.body)),
        settings=workspace.settings,
        source=reading.source,
        knowledge=knowledge,
    )


def _entries(workspace: Workspace, content: Content) -> Sequence[Entry]:
    """The references as the mail prints them; in our own style where the issue's cannot be used, as in the mail."""
    from newsletter.references import DEFAULT_STYLE, check_style, format_entries
    from newsletter.references.completing import all_completed

    issue, folders = content.issue, (workspace.folder / "styles",)
    broken = check_style(issue.citation_style, issue.place("citation_style"), folders)
    style = DEFAULT_STYLE if broken else issue.citation_style
    known = content.knowledge
    references = all_completed(content.references, known.journals, known.retractions)
    return format_entries(references, style, issue.language, folders)


def _editions(prepared: Prepared) -> Iterator[Edition]:
    many = len(prepared.variants) > 1
    for one in prepared.variants:
        yield Edition(readers=readers_in_words(one.variant) if many else "", fingerprint=one.fingerprint[:_SHORT])


def _limits(content: Content, made: date, *, wrong_language: bool) -> Iterator[str]:
    """What a reviewer must not take for checked."""
    knowledge = content.knowledge
    table = table_described(knowledge, made)
    if table:
        yield f"Retractions were looked for in {table}, and in the stored record of each reference."
    else:
        yield (
            "Retractions are known from the stored record of each reference only: the workspace has no table of "
            "retractions (retraction_watch in its settings)."
        )
    if knowledge.claims is None:
        yield "Claims were not screened: the workspace has no claims rules."
    elif wrong_language:
        yield "Claims were not screened: the rules are written for another language."
    else:
        yield "The claims pre-screen looks for words. What it does not flag may still claim too much."
    if not english(content):
        yield "What the text says about its sources is checked in English only; this issue is in another language."
    yield "Quotations are laid beside the stored abstract. What is not in it may still be in the full text."


def _shown(file: str, workspace: Workspace) -> str:
    """A file as people of this workspace name it."""
    return file.removeprefix(f"{workspace.folder}/")
