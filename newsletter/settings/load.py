"""Find the workspace, read newsletter.toml, `.env` and the environment, and check them all at once.

The environment wins over `.env`, which wins over the file. Any key can be overridden: NEWSLETTER_ + section and key
joined by `_`. Secrets come only from there: NEWSLETTER_SECRET, SENDGRID_API_KEY.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from pydantic import BaseModel, ValidationError

from newsletter.errors import BadSettings, FileUnreadable, WorkspaceNotFound
from newsletter.model.problem import Place, error
from newsletter.settings.schema import Settings
from newsletter.settings.toml_advice import advice
from newsletter.settings.toml_places import toml_places
from newsletter.validate import nearest, problems_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from newsletter.model.problem import Problem

FILE_NAME = "newsletter.toml"
#: variables with our prefix that are not keys of the file
_OTHER_VARIABLES = frozenset(
    {"NEWSLETTER_WORKSPACE", "NEWSLETTER_SECRET", "NEWSLETTER_OLD_SECRETS", "NEWSLETTER_DEBUG", "NEWSLETTER_CHROMIUM"}
    | {"NEWSLETTER_ACTOR"}
)


@dataclass(frozen=True, kw_only=True)
class Workspace:
    """A folder with a newsletter.toml, and what it says. `secrets` holds the environment's secrets and is never printed."""

    folder: Path
    settings: Settings
    secrets: Mapping[str, str] = field(repr=False)

    @property
    def issues(self) -> Path:
        return self.folder / "issues"

    @property
    def templates(self) -> Path:
        return self.folder / "templates"

    @property
    def database_url(self) -> str:
        """The database's URL; a relative SQLite path is relative to the workspace."""
        url = self.settings.database.url
        prefix = "sqlite:///"
        path = url.removeprefix(prefix)
        if not url.startswith(prefix) or Path(path).is_absolute() or path in {"", ":memory:"}:
            return url
        return prefix + str(self.folder / path)

    @property
    def erasures(self) -> Path:
        """The file that remembers who was erased; it lies outside the database, so that no backup takes it back."""
        return self.folder / Path(self.settings.database.erasures).expanduser()

    @property
    def audit_heads(self) -> Path:
        """The file that remembers where the audit log ended; it lies outside the database, which may be changed."""
        return self.folder / Path(self.settings.database.audit_heads).expanduser()

    @property
    def database_mark(self) -> str:
        """Tells databases of this workspace apart, by where they are; nothing of a password is in it."""
        url = re.sub(r"//[^/@]*@", "//", self.settings.database.url)
        return hashlib.sha256(url.encode()).hexdigest()[:8]


def find_workspace(start: Path) -> Path:
    """The nearest folder with a newsletter.toml, from `start` upwards.

    Raises:
        WorkspaceNotFound: there is none.
    """
    for folder in (start, *start.parents):
        if (folder / FILE_NAME).is_file():
            return folder
    raise WorkspaceNotFound(start)


def load(folder: Path, environment: Mapping[str, str], dot_env: Path | None = None) -> Workspace:
    """The workspace in exactly this folder; `dot_env` where its .env lies elsewhere.

    Raises:
        WorkspaceNotFound: there is no newsletter.toml.
        BadSettings: with every mistake as a Problem.
    """
    path = folder / FILE_NAME
    if not path.is_file():
        raise WorkspaceNotFound(folder)
    text = _read(path)
    data = _parse(path, text)
    variables = {**_dot_env(dot_env or folder / ".env"), **environment}
    origin = _override(data, variables)
    problems = _misspelt(variables)
    places = toml_places(text)

    def place_of(key: tuple[str | int, ...]) -> Place:
        if variable := origin.get(key):
            return Place(file=variable)
        for length in range(len(key), 0, -1):
            if found := places.get(tuple(str(step) for step in key[:length])):
                return Place(file=str(path), line=found[0], column=found[1])
        return Place(file=str(path), line=1, column=1)

    try:
        settings = Settings.model_validate(data)
    except ValidationError as failure:
        found = problems_of(failure, Settings, "settings", place_of)
        in_order = sorted(found, key=lambda problem: (problem.place.line or 0, problem.place.column or 0))
        raise BadSettings([*problems, *in_order]) from None
    if problems:
        raise BadSettings(problems)
    secrets = {name: value for name, value in variables.items() if _is_secret(name)}
    return Workspace(folder=folder.resolve(), settings=settings, secrets=secrets)


def _is_secret(name: str) -> bool:
    return name in {"NEWSLETTER_SECRET", "NEWSLETTER_OLD_SECRETS"} or name.endswith(("_API_KEY", "_PASSWORD", "_USER"))


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise FileUnreadable(path, "it is not UTF-8 text; save it as UTF-8") from None
    except OSError as why:
        raise FileUnreadable(path, why.strerror or str(why)) from None


def _parse(path: Path, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as why:
        found = re.search(r"\(at line (\d+), column (\d+)\)", str(why))
        line, column = (int(found[1]), int(found[2])) if found else (len(text.splitlines()), 1)
        said = re.sub(r"\s*\(at .*\)$", "", str(why))
        what, fix = advice(said, [*text.splitlines(), ""][line - 1])
        place = Place(file=str(path), line=line, column=column)
        raise BadSettings([error("settings-syntax", place, what, fix)]) from None
    except (RecursionError, ValueError):  # more than 4,300 digits
        what = "brackets are nested too deeply, or a number is too long"
        fix = "Take levels out; a segment rarely needs more than three."
        raise BadSettings([error("settings-syntax", Place(file=str(path)), what, fix)]) from None


def _dot_env(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    from dotenv import dotenv_values

    return {name: value for name, value in dotenv_values(path, interpolate=False).items() if value is not None}


def _override(data: dict[str, Any], variables: Mapping[str, str]) -> dict[tuple[str | int, ...], str]:
    """Write the environment's values into `data`; returns key path -> variable for messages."""
    origin: dict[tuple[str | int, ...], str] = {}
    for path, is_list in _leaves(Settings):
        name = variable_name(path)
        if name not in variables:
            continue
        table: Any = data
        for step in path[:-1]:
            table = table.setdefault(step, {}) if isinstance(table, dict) else {}
        value = variables[name]
        table[path[-1]] = [item.strip() for item in value.split(",") if item.strip()] if is_list else value
        origin[path] = name
    return origin


def variable_name(path: tuple[str, ...]) -> str:
    return "_".join(("NEWSLETTER", *path)).upper()


def _leaves(model: type[BaseModel], prefix: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], bool]]:
    """(key path, whether it is a list) of every key that has a fixed name."""
    for name, info in model.model_fields.items():
        annotation: Any = info.annotation
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            yield from _leaves(annotation, (*prefix, name))
        elif "dict[" not in str(annotation):
            yield (*prefix, name), "tuple[" in str(annotation) or any("tuple[" in str(a) for a in get_args(annotation))


def _misspelt(variables: Mapping[str, str]) -> list[Problem]:
    """A variable that is nearly one of ours is a typo; others with our prefix may belong to somebody else."""
    known = {variable_name(path) for path, _ in _leaves(Settings)} | _OTHER_VARIABLES
    found = []
    for name in variables:
        if name.startswith("NEWSLETTER_") and name not in known and not name.startswith("NEWSLETTER_TEST_"):
            guess = nearest(name, known)
            fix = f"Did you mean {guess}?" if guess else "Unset it."
            place = Place(file=name)
            found.append(error("settings-unknown-variable", place, f"the variable {name} is not a setting", fix))
    return found
