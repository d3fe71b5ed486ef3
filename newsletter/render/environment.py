"""Templates: the workspace's own first, then the packaged ones, in a sandbox that knows no clock and no chance."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jinja2 import BytecodeCache, ChoiceLoader, FileSystemLoader, PackageLoader, StrictUndefined, TemplateSyntaxError

from newsletter.model.problem import Place, error
from newsletter.render.sandbox import Sandbox
from newsletter.render.text_wrap import chopped, prefixed, underlined, wrapped
from newsletter.validate import nearest

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from types import CodeType

    from jinja2 import Environment
    from jinja2.bccache import Bucket

    from newsletter.model.issue import Issue
    from newsletter.model.problem import Problem

DEFAULT = "article"
#: layouts that no issue may have: what all are made from, and that of notices, in which nobody can leave
_NOT_FOR_ISSUES = frozenset({"base", "notice"})
_LAYOUT = re.compile(r"email/([a-z0-9][a-z0-9_-]*)\.html\.j2")
_PLAIN = (".txt.j2", ".css.j2")


class _Compiled(BytecodeCache):
    """Templates compiled once in a process, for all variants of an issue; a file that was edited is compiled anew."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._known.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self._known[bucket.key, bucket.checksum] = bucket.code


_COMPILED = _Compiled()


def environment(folders: Sequence[Path]) -> Environment:
    """Autoescape is on except for text and styles; an undefined name is an error, never an empty place."""
    own = [FileSystemLoader(folder) for folder in folders]
    made = Sandbox(
        loader=ChoiceLoader([*own, PackageLoader("newsletter.templates", "")]),
        autoescape=lambda name: name is None or not name.endswith(_PLAIN),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        bytecode_cache=_COMPILED,
    )
    made.filters |= {"wrap": wrapped, "prefixed": prefixed, "underlined": underlined, "chopped": chopped}
    # the same issue must give the same bytes: nothing random in reach
    del made.globals["lipsum"], made.filters["random"]
    return made


def known_templates(template_folders: Sequence[Path]) -> tuple[str, ...]:
    """The names that `template:` of an issue may have."""
    names = (_LAYOUT.fullmatch(name) for name in environment(template_folders).list_templates())
    return tuple(found[1] for found in names if found and found[1] not in _NOT_FOR_ISSUES)


def chosen_template(issue: Issue, folders: Sequence[Path]) -> tuple[str, list[Problem]]:
    """The issue's template, or the default and a problem."""
    known = known_templates(folders)
    if issue.template in known:
        return issue.template, []
    guess = nearest(issue.template, known)
    fix = f"Did you mean `{guess}`?" if guess else f"Use one of: {', '.join(known)}."
    what = f"there is no template `{issue.template}`"
    return DEFAULT, [error("template-unknown", issue.place("template"), what, fix)]


def template_problem(why: Exception, issue: Issue) -> Problem:
    """What is wrong with a workspace's template, at its own file and line."""
    place = _place(why) or issue.place("template")
    if isinstance(why, TemplateSyntaxError):
        what, fix = f"this template cannot be read: {why.message}", "Correct the line, or delete the file to use ours."
        return error("template-syntax", place, what, fix)
    fix = "docs/templates.md lists what a template may use; deleting the file brings ours back."
    return error("template-error", place, f"this template failed: {why}", fix)


def _place(why: Exception) -> Place | None:
    if isinstance(why, TemplateSyntaxError):
        return Place(file=why.filename or why.name or "", line=why.lineno, column=1)
    place, step = None, why.__traceback__
    while step:  # Jinja shows its templates as frames of the traceback
        if step.tb_frame.f_code.co_filename.endswith(".j2"):
            place = Place(file=step.tb_frame.f_code.co_filename, line=step.tb_lineno, column=1)
        step = step.tb_next
    return place
