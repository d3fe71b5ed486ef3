"""The claims rules in force for a workspace, and the signatures beside an issue.

Rules come from a shipped profile, from the workspace's claims.yaml, or from both, the workspace's own laid over the profile.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache, partial
from importlib.resources import files
from typing import TYPE_CHECKING

from newsletter.check.claims import ledger as lock
from newsletter.check.claims.building import CODE, RulesFile, build
from newsletter.errors import FileUnreadable
from newsletter.files import write_whole
from newsletter.model.problem import Place, error, has_errors
from newsletter.pipeline import claims_examples
from newsletter.read.find import ISSUE_FILE
from newsletter.read.places import Lines
from newsletter.read.source import decode
from newsletter.read.yaml_tree import Yaml, read_yaml
from newsletter.validate import nearest

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from newsletter.check.claims.building import KeyPath
    from newsletter.check.claims.ledger import Ledger
    from newsletter.check.claims.profile import ClaimRules
    from newsletter.model.problem import Problem
    from newsletter.settings import Workspace

#: a thousand rules with their examples are half of it
LARGEST = 1_000_000
NO_RULES = 'there are no rules; set [claims] profile = "regenerative-us" in newsletter.toml, or write a claims.yaml'


def claims_of(workspace: Workspace, path: Path) -> tuple[ClaimRules | None, Ledger | None, list[Problem]]:
    """The rules in force and the signatures for one issue; nothing of both where the workspace has no rules."""
    rules, problems = rules_of(workspace)
    if rules is None:
        return None, None, problems
    ledger, found = ledger_of(path)
    return rules, ledger, [*problems, *found]


def rules_of(workspace: Workspace) -> tuple[ClaimRules | None, list[Problem]]:
    """The rules of the profile with the workspace's own over them; None where there are neither."""
    settings = workspace.settings.claims
    own = workspace.folder / settings.rules
    text = _text(own, CODE) if own.exists() else None
    if isinstance(text, list):
        return None, text
    if text is None and settings.profile is None:
        return None, []
    rules, problems = rules_of_texts(str(own), text, settings.profile, str(workspace.folder / "newsletter.toml"))
    return rules, list(problems)


def lock_of(path: Path) -> Path:
    """Where the signatures for an issue are kept: beside it."""
    return path.with_name("claims.lock") if path.name == ISSUE_FILE else path.with_name(f"{path.stem}.claims.lock")


def ledger_of(path: Path) -> tuple[Ledger, list[Problem]]:
    """The signatures beside an issue, and what of them cannot be read."""
    where = lock_of(path)
    if not where.exists():
        return lock.Ledger(), []
    text = _text(where, lock.BROKEN)
    if isinstance(text, list):
        return lock.Ledger(broken=True), text
    return lock.read(text, str(where))


def write_ledger(path: Path, ledger: Ledger) -> Path:
    """Replace the file at once, so that a crash leaves the old one or the new one.

    Raises:
        FileUnreadable: parts of the old one could not be read, and would be lost.
        OSError: the disk is full, or may not be written to.
    """
    where = lock_of(path)
    if ledger.broken:
        raise FileUnreadable(where, "it has entries that cannot be read; nothing was written")
    write_whole(where, lock.write(ledger))
    return where


@lru_cache(maxsize=8)
def rules_of_texts(
    file: str, text: str | None, profile: str | None, settings: str
) -> tuple[ClaimRules | None, tuple[Problem, ...]]:
    """Built once for the same text in a process."""
    problems: list[Problem] = []
    layers: list[RulesFile] = []
    yaml = Yaml(values={})
    if text is not None:
        yaml = read_yaml(Lines(file, text))
        problems += [_relabelled(problem) for problem in yaml.problems]
    extends = yaml.values.get("extends")
    for name, at in _bases(extends, profile, yaml.place_of(("extends",), Place(file=file)), Place(file=settings)):
        base = _shipped(name)
        if base is None:
            problems.append(_no_profile(name, at))
        else:
            layers.append(base)
    if text is not None:
        layers.append(RulesFile(values=yaml.values, place_of=partial(_place, yaml, Place(file=file, line=1, column=1))))
    rules, found = build(layers)
    problems += found
    if text is not None and not has_errors(problems):
        problems += claims_examples.failing(yaml.values, rules, layers[-1].place_of)
    return rules, tuple(problems)


def _bases(extends: object, profile: str | None, here: Place, settings: Place) -> list[tuple[str, Place]]:
    """The profiles to build on, each once."""
    named = [(profile, settings)] if profile else []
    if isinstance(extends, str) and extends != profile:
        named.append((extends, here))
    return named


@lru_cache(maxsize=4)
def _shipped(name: str) -> RulesFile | None:
    if name not in shipped_profiles():
        return None
    file = files("newsletter.check.claims") / "data" / f"{name}.yaml"
    yaml = read_yaml(Lines(f"profile {name}", file.read_text(encoding="utf-8")))
    return RulesFile(values=yaml.values, place_of=partial(_place, yaml, Place(file=f"profile {name}")))


def shipped_profiles() -> Sequence[str]:
    folder = files("newsletter.check.claims") / "data"
    return sorted(one.name.removesuffix(".yaml") for one in folder.iterdir() if one.name.endswith(".yaml"))


def _place(yaml: Yaml, top: Place, path: KeyPath) -> Place:
    return yaml.place_of(path, top)


def _no_profile(name: str, at: Place) -> Problem:
    guess = nearest(name, shipped_profiles())
    fix = f"Did you mean `{guess}`?" if guess else f"Use one of: {', '.join(shipped_profiles())}."
    return error(CODE, at, f"there is no claims profile `{name[:60]}`", fix)


def _relabelled(problem: Problem) -> Problem:
    """YAML is read as that of a front matter, and says so."""
    message = problem.message.replace("this line of the front matter", "this line").replace(
        "the front matter", "this file"
    )
    fix = problem.fix.replace("Keep one front matter, between two lines of three hyphens.", "Remove the line `---`.")
    fix = fix.replace(" If the text of the issue begins here, put a line `---` above it.", "")
    return replace(problem, code=CODE, message=message, fix=fix.replace("title:", "why:"))


def _text(path: Path, code: str) -> str | list[Problem]:
    """The text of a file, or what is wrong with it."""
    at = Place(file=str(path))
    try:
        if not path.is_file():  # a pipe would be waited for
            return [error(code, at, "this is no file", "Remove it, or put the file in its place.")]
        with path.open("rb") as stream:
            content = stream.read(LARGEST + 1)
    except OSError as why:
        return [error(code, at, f"this file cannot be read ({why.strerror})", "Mend its permissions, or remove it.")]
    if len(content) > LARGEST:
        return [
            error(code, at, f"this file has more than {LARGEST // 1_000_000} MB", "Check that it is the right file.")
        ]
    if not content.strip():
        return ""
    text, problems = decode(content, str(path))
    if text is None or problems:
        return [replace(problem, code=code) for problem in problems]
    return text
