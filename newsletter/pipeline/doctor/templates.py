"""Do the workspace's own templates compile, and did ours change since they were copied?"""

from __future__ import annotations

import tomllib
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from newsletter.pipeline.doctor.finding import Findings

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from newsletter.pipeline.doctor.finding import Finding
    from newsletter.pipeline.doctor.look import Look

AREA = "templates"
_say = Findings(AREA)
#: folders of templates/ that a workspace may have -> how the names of their files end
_KINDS = {"email": ".j2", "web": ".j2", "translations": ".toml", "disclaimers": ".md", "notices": ".md"}


def findings(look: Look) -> Iterator[Finding]:
    own = _own(look.workspace.templates)
    if not own:
        yield _say.ok("templates-ours", "there are no templates of your own; ours are used")
        return
    faults = [fault for name, path in own.items() if (fault := _fault(look, name, path))]
    faults += _notices(look, own)
    yield from faults
    yield from _older(own)
    if not faults:
        yield _say.ok("templates-compile", f"{len(own)} of your own can be read")


def _own(folder: Path) -> dict[str, Path]:
    paths = (path for kind, end in _KINDS.items() for path in (folder / kind).rglob(f"*{end}"))
    return {path.relative_to(folder).as_posix(): path for path in sorted(paths) if path.is_file()}


def _fault(look: Look, name: str, path: Path) -> Finding | None:
    try:
        if name.endswith(".j2"):
            why = _jinja_fault(look, name)
        elif name.endswith(".toml"):
            tomllib.loads(path.read_text(encoding="utf-8"))
            why = ""
        else:
            path.read_text(encoding="utf-8")
            why = ""
    except UnicodeDecodeError:
        why = "it is not UTF-8 text"
    except (OSError, tomllib.TOMLDecodeError) as what:
        why = str(getattr(what, "strerror", None) or what)
    if not why:
        return None
    advice = "Correct it, or delete the file to get ours back."
    return _say.wrong("template-broken", f"templates/{name} cannot be read: {why}", advice)


def _notices(look: Look, own: Collection[str]) -> Iterator[Finding]:
    """Texts of mails to single people, each made once; not where none is of the workspace."""
    from newsletter.model.problem import Level
    from newsletter.pipeline.notices_made import mistakes

    if any(name.startswith("notices/") for name in own):
        count = sum(problem.level is Level.ERROR for problem in mistakes(look.workspace))
        if count:
            words = f"your own texts of mails to single people have errors ({count})"
            yield _say.wrong("notices-broken", words, "See them: newsletter notices check")


def _jinja_fault(look: Look, name: str) -> str:
    from jinja2 import TemplateError, TemplateSyntaxError

    from newsletter.render.environment import environment

    try:
        environment([look.workspace.templates]).get_template(name)
    except TemplateSyntaxError as why:
        return f"{why.message} (line {why.lineno})"
    except TemplateError as why:
        return str(why.message or type(why).__name__)
    return ""


def _older(own: dict[str, Path]) -> Iterator[Finding]:
    """By their times, which git sets to when it wrote the files: so it is only worth a look."""
    shipped = Path(str(files("newsletter.templates")))
    older = [name for name, path in own.items() if _is_older(path, shipped / name)]
    if older:
        yield _say.careful(
            "templates-older",
            f"ours changed after these were copied: {', '.join(older[:5])}{' and more' if len(older) > 5 else ''}",
            "Compare each with ours (newsletter templates list says where they lie) and take over what is better there.",
        )


def _is_older(path: Path, ours: Path) -> bool:
    try:
        return path.read_bytes() != ours.read_bytes() and path.stat().st_mtime < ours.stat().st_mtime
    except OSError:  # a template that only the workspace has
        return False
