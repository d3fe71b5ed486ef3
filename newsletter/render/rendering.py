"""Issue -> Rendered: HTML poured and inlined, text from the same tree, slots cut out, places of the author kept."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from newsletter.compose.slots import SlotMarks
from newsletter.model.problem import error
from newsletter.model.rendered import Context, Rendered
from newsletter.model.variants import Variant
from newsletter.render.environment import DEFAULT, chosen_template, environment, known_templates, template_problem
from newsletter.render.html_page import html_page
from newsletter.render.images import Images
from newsletter.render.inline_styles import inline_styles, without_controls
from newsletter.render.links import words_with_marks
from newsletter.render.logo import find_logo
from newsletter.render.numbers import Numbers
from newsletter.render.origins import OriginMarks, count_marks
from newsletter.render.scope import Scope
from newsletter.render.text_page import text_page
from newsletter.render.translations import translations
from newsletter.render.unused_styles import without_unused_styles

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsletter.model.disclaimer import Disclaimer
    from newsletter.model.issue import Issue
    from newsletter.model.problem import Problem
    from newsletter.model.reference import Entry
    from newsletter.model.rendered import ImageFile, Origins
    from newsletter.settings import Settings


#: letters of a template's own, and of what becomes of one letter of the author's, such as `&#x27;` for an apostrophe; our
#: own pages have some 60,000
_MOST_OWN, _MOST_PER_LETTER = 2_000_000, 12
#: letters of style sheets; Gmail ignores what is beyond 16 KB
_MOST_STYLES = 200_000
_STYLES = re.compile(r"<style[^>]*>([^<]*)", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Rendering:
    """What rendering an issue gives: the bytes, where they come from, the images beside them, and what went wrong."""

    rendered: Rendered
    origins: Origins
    images: tuple[ImageFile, ...]
    problems: tuple[Problem, ...]


def render(
    issue: Issue,
    *,
    entries: Sequence[Entry],
    disclaimers: Sequence[Disclaimer],
    settings: Settings,
    source: str,
    template_folders: Sequence[Path] = (),
    folder: Path = Path(),
    variant: Variant = Variant(),  # noqa: B008 - frozen
    layout: str = "",
) -> Rendering:
    """Everything readers of one variant receive. The same input and package versions give the same bytes.

    The issue's `only` and `except` blocks are decided already (model/variants.py). `entries` come in the order of their
    numbers; `source` is all of the author's text; `template_folders` are the workspace's `templates`, which go before
    ours; `folder` is the workspace, where the logo lies; `layout` is one of ours that is no issue's. A broken template of
    the workspace is told as a problem and ours is used, so that other problems can be shown as well.
    """
    name, problems = (layout, []) if layout else chosen_template(issue, template_folders)
    job = _Job(
        issue=issue,
        entries=entries,
        disclaimers=disclaimers,
        settings=settings,
        source=source,
        folder=folder,
        variant=variant,
    )
    if template_folders:
        try:
            return _rendering(job, name, template_folders, problems)
        except Exception as why:  # noqa: BLE001 - whatever a foreign template does; ours, below, must not fail
            problems = [*problems, template_problem(why, issue)]
    return _rendering(job, name if layout or name in known_templates(()) else DEFAULT, (), problems)


@dataclass(frozen=True, kw_only=True)
class _Job:
    issue: Issue
    entries: Sequence[Entry]
    disclaimers: Sequence[Disclaimer]
    settings: Settings
    source: str
    folder: Path
    variant: Variant


def _rendering(job: _Job, template: str, folders: Sequence[Path], problems: list[Problem]) -> Rendering:
    scope, untranslated = _scope(job, folders)
    page = html_page(template, scope, job.disclaimers)
    marked = without_unused_styles(_bounded(page, job.source) if folders else page)
    text = text_page(_text_template(template, scope), scope, job.disclaimers)
    inlined = inline_styles(marked)
    html, origins = scope.origins.take_out(inlined, scope.marks.pattern)
    damage = _damage(without_controls(marked), inlined, scope, job.issue)
    return Rendering(
        rendered=_rendered(job, scope, html, text),
        origins=origins,
        images=tuple(scope.images.files.values()),
        problems=(*problems, *untranslated, *scope.images.problems, *damage),
    )


def _bounded(html: str, source: str) -> str:
    """The page, unless the workspace's template made more of it than the author's text can account for.

    Raises:
        OverflowError: so much would take minutes to inline.
    """
    if len(html) > _MOST_OWN + _MOST_PER_LETTER * len(source) or len("".join(_STYLES.findall(html))) > _MOST_STYLES:
        msg = f"it makes a mail of {len(html) // 1000:,} KB"
        raise OverflowError(msg)
    return html


def _scope(job: _Job, folders: Sequence[Path]) -> tuple[Scope, list[Problem]]:
    issue, settings = job.issue, job.settings
    words, problems = translations(issue.language, issue.place("language"), folders)
    images = Images(issue.path.parent, settings.newsletter.base_url)
    scope = Scope(
        issue=issue,
        settings=settings,
        marks=SlotMarks(job.source),
        numbers=Numbers(job.entries),
        images=images,
        origins=OriginMarks(),
        translations=words,
        templates=environment(folders),
        logo=find_logo(settings, job.folder, images),
    )
    return scope, problems


def _text_template(name: str, scope: Scope) -> str:
    """A workspace's layout may leave its text form to ours."""
    return name if f"email/{name}.txt.j2" in scope.templates.list_templates() else DEFAULT


def _damage(before: str, after: str, scope: Scope, issue: Issue) -> list[Problem]:
    """Inlining must lose no slot and no block; blocks nested hundreds deep would be cut off."""
    slots = [len(scope.marks.pattern.findall(html)) for html in (before, after)]
    blocks = [count_marks(html) for html in (before, after)]
    if slots[0] == slots[1] and blocks[0] == blocks[1]:
        return []
    what = "a part of the mail was lost while its styles were written into it"
    fix = "Nest quotes, lists and blocks less deeply, or check the HTML of your own template."
    return [error("rendering-damaged", issue.place("template"), what, fix)]


def _rendered(job: _Job, scope: Scope, html: str, text: str) -> Rendered:
    issue, sender, marks = job.issue, job.settings.sender, scope.marks
    return Rendered(
        subject=marks.cut(without_controls(words_with_marks(issue.subject, marks, Context.HEADER))),
        preheader=marks.cut(without_controls(words_with_marks(issue.preheader, marks, Context.HEADER))),
        html=marks.cut(html),
        text=marks.cut(text),
        from_name=sender.name,
        from_address=sender.address,
        reply_to=sender.reply_to or sender.address,
        language=issue.language,
        references=tuple(scope.numbers.entries),
        disclaimers=tuple(f"{one.id}@{one.version}" for one in job.disclaimers),
        images=tuple(scope.images.files),
        variant=job.variant.name,
        readers=tuple(sorted(tuple(sorted(members)) for members in job.variant.readers)),
    )
