"""An issue file -> everything that readers would get, and every mistake in it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsletter.model.document import cited_keys
from newsletter.model.problem import in_reading_order

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from newsletter.model.disclaimer import Disclaimer
    from newsletter.model.issue import Issue
    from newsletter.model.problem import Problem
    from newsletter.model.reference import Entry, Reference
    from newsletter.model.rendered import ImageFile, Rendered
    from newsletter.settings import Workspace


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """An issue read, checked and rendered. `rendered` is None when the file was too broken for that."""

    slug: str
    path: Path
    problems: Sequence[Problem]
    issue: Issue | None = None
    rendered: Rendered | None = None
    images: Sequence[ImageFile] = ()
    #: SHA-256 over everything that the rendered bytes were made from
    sources_digest: str = ""


def prepare(workspace: Workspace, path: Path, now: datetime) -> Prepared:
    """Read, check and render one issue file. Mistakes of the author come back as problems, all at once."""
    from zoneinfo import ZoneInfo

    from newsletter import check, policy, references, render
    from newsletter.read import load_disclaimers, read_issue, slug_of

    settings, folders = workspace.settings, (workspace.templates,)
    reading = read_issue(path, settings, references.load)
    problems = list(reading.problems)
    if reading.issue is None:
        return Prepared(slug=slug_of(path), path=path, problems=in_reading_order(problems, str(path)))
    issue = reading.issue
    cited = [reading.references[key] for key in cited_keys(issue.body)]
    day = (now.astimezone(ZoneInfo(settings.newsletter.timezone))).date()
    catalogue, found = load_disclaimers(folders, settings)
    disclaimers, missing = policy.select(issue, cited, settings.policy, catalogue, day)
    entries, style_problems = _format(workspace, issue, cited)
    problems += [*found, *missing, *style_problems, *check.check_issue(issue, cited, settings)]
    rendering = render.render(
        issue,
        entries=entries,
        disclaimers=disclaimers,
        settings=settings,
        source=reading.source,
        template_folders=folders,
        folder=workspace.folder,
    )
    problems += rendering.problems
    if rendering.rendered is not None:
        problems += check.check_rendered(issue, rendering.rendered, rendering.origins, disclaimers, settings, cited)
    return Prepared(
        slug=issue.slug,
        path=path,
        problems=in_reading_order(check.apply_ignores(problems, issue), str(path)),
        issue=issue,
        rendered=rendering.rendered,
        images=rendering.images,
        sources_digest=_digest(workspace, reading.source, cited, disclaimers),
    )


def _format(workspace: Workspace, issue: Issue, cited: Sequence[Reference]) -> tuple[Sequence[Entry], list[Problem]]:
    from newsletter import references

    styles = (workspace.folder / "styles",)
    problems = references.check_style(issue.citation_style, issue.place("citation_style"), styles)
    style = issue.citation_style if not problems else "american-medical-association"
    return references.format_entries(cited, style, issue.language, styles), problems


def _digest(workspace: Workspace, source: str, cited: Sequence[Reference], disclaimers: Sequence[Disclaimer]) -> str:
    settings = workspace.settings
    parts = {
        "source": source,
        "references": [dict(reference.csl) for reference in cited],
        "disclaimers": [(entry.id, entry.language, entry.version) for entry in disclaimers],
        "settings": settings.model_dump(mode="json", include={"newsletter", "sender", "theme"}),
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()
