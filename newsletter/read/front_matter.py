"""The text of a file -> its front matter, checked against a schema, and the body below it.

All mistakes come at once; what is right is kept even if other keys are wrong, so that the body can still be read.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from pydantic import ValidationError

from newsletter.model.problem import Place, error
from newsletter.read.places import Lines
from newsletter.read.yaml_tree import read_yaml
from newsletter.validate import nearest, problems_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from newsletter.model.problem import Problem
    from newsletter.read.yaml_tree import KeyPath, Yaml
    from newsletter.settings.section import Section

#: YAML is read slowly, at worst 40 KB a second
_LARGEST = 100_000

MatterT = TypeVar("MatterT", bound="Section")


@dataclass(frozen=True, kw_only=True)
class Split:
    """`front` is None when there is none that can be read; `body` is what follows it."""

    front: Lines | None
    body: Lines
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Checked(Generic[MatterT]):
    """`matter` has defaults (and the stand-ins) where the author's value was missing or wrong."""

    matter: MatterT
    yaml: Yaml
    problems: tuple[Problem, ...]

    def place_of(self, path: KeyPath, file: str) -> Place:
        return self.yaml.place_of(path, Place(file=file, line=1, column=1))


def split(file: str, text: str) -> Split:
    """Cut at the lines of three hyphens."""
    lines = text.split("\n")
    top = next((index for index, line in enumerate(lines) if line.strip()), 0)
    if lines[top].rstrip() != "---":
        return Split(front=None, body=Lines(file, text), problems=(_missing(file, top, lines[top]),))
    end = next((i for i in range(top + 1, len(lines)) if lines[i].rstrip() in {"---", "..."}), None)
    if end is not None:
        return _cut(file, lines, top, end, end + 1)
    blank = next((i for i in range(top + 1, len(lines)) if not lines[i].strip()), len(lines))
    place = Place(file=file, line=top + 1, column=1)
    fix = "Add a line `---` between the last key and the text."
    unclosed = error("front-matter-unclosed", place, "the front matter is not closed by a second line `---`", fix)
    return _cut(file, lines, top, blank, blank, unclosed)


def _cut(file: str, lines: list[str], top: int, end: int, after: int, *problems: Problem) -> Split:
    front: Lines | None = Lines(file, "\n".join(lines[top + 1 : end]), top + 2)
    if front and len(front.text) > _LARGEST:
        place = Place(file=file, line=top + 1, column=1)
        what = f"the front matter has {len(front.text) // 1000} KB; it may have {_LARGEST // 1000}"
        fix = "Put references into a file of their own, and check for a missing line `---`."
        problems = (*problems, error("front-matter-too-large", place, what, fix))
        front = None
    return Split(front=front, body=Lines(file, "\n".join(lines[after:]), after + 1), problems=problems)


def _missing(file: str, top: int, line: str) -> Problem:
    place = Place(file=file, line=top + 1, column=1)
    fix = "Begin the file with a line `---`, lines such as `title: ...`, and another line `---`."
    if line.strip().strip("-\u2013\u2014") == "" and line.strip():
        fix = "The first line must be exactly three hyphens, without spaces in front: `---`."
    return error("front-matter-missing", place, "the file does not begin with a front matter", fix)


def check(lines: Lines, schema: type[MatterT], code: str, stand_ins: Mapping[str, Any]) -> Checked[MatterT]:
    """Read and validate. `stand_ins` are values for required keys that are missing or wrong, so that reading can go on."""
    yaml = read_yaml(lines)
    # a key without value is one that is still to be filled in; what is required is then missing
    values = {key: value for key, value in yaml.values.items() if value is not None or key not in schema.model_fields}
    problems = list(yaml.problems)
    try:
        return Checked(matter=schema.model_validate(values), yaml=yaml, problems=tuple(problems))
    except ValidationError as failure:
        top = lines.place(-1, 0)
        unread = bool(yaml.problems) and not yaml.values
        found = problems_of(failure, schema, code, lambda path: yaml.place_of(path, top))
        # where nothing could be read, missing keys are no news
        problems += [] if unread else [_located(problem, yaml) for problem in found]
        good = _without(values, [details["loc"] for details in failure.errors()])
    needed = {key: value for key, value in stand_ins.items() if key not in good}
    return Checked(matter=schema.model_validate({**good, **needed}), yaml=yaml, problems=tuple(problems))


def _without(values: Mapping[str, Any], wrong: Iterable[KeyPath]) -> dict[str, Any]:
    """What is right: one wrong variable does not take the others with it."""
    good = {key: dict(value) if isinstance(value, dict) else value for key, value in values.items()}
    for top, *rest in wrong:
        inner = good.get(str(top))
        if rest and isinstance(inner, dict) and rest[0] in inner:
            del inner[rest[0]]
        elif not (rest and isinstance(inner, dict) and isinstance(rest[0], str)):
            # a number in the path of a table: a list was due, and the whole key is wrong
            good.pop(str(top), None)
    return good


def _located(problem: Problem, yaml: Yaml) -> Problem:
    """A required key in other letters (`Title`) is told as such, not as missing."""
    if not problem.code.endswith("-missing"):
        return problem
    key = problem.message.split("`")[1]
    guess = nearest(key, [name for name in yaml.values if name != key])
    if guess and guess.lower() == key and (place := yaml.keys.get((guess,))):
        return error(problem.code, place, problem.message, f"Write the key in small letters: `{key}`.")
    return problem
