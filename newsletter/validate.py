"""Pydantic's errors as Problems in plain words, with the place of each key. Used for settings and for front matter.

`place_of` finds where a key path such as ("sender", "address") stands in the file, or the nearest parent that does.
"""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any, get_args, get_origin

from pydantic import BaseModel

from newsletter.model.problem import error

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

    from newsletter.model.problem import Place, Problem

Path = tuple[str | int, ...]

#: pydantic's error type -> (code suffix, what was expected)
_EXPECTED: Mapping[str, str] = {
    "string_type": "a text",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "tuple_type": "a list",
    "list_type": "a list",
    "dict_type": "a table of keys and values",
    "model_type": "a table of keys and values",
    "model_attributes_type": "a table of keys and values",
    "date_type": "a date such as 2026-12-01",
    "date_from_datetime_parsing": "a date such as 2026-12-01",
    "date_parsing": "a date such as 2026-12-01",
    "date_from_datetime_inexact": "a date without a time, such as 2026-12-01",
}

#: pattern of a setting -> (what was expected, what to do)
_PATTERNS: Mapping[str, tuple[str, str]] = {
    r"^#[0-9a-fA-F]{6}$": ("a colour of six digits", "Write it as # and six hexadecimal digits, such as #0b5cad."),
    r"^[a-z][a-z0-9_-]*$": ("a short name", "Use lower-case letters, digits, hyphens and _; begin with a letter."),
    r"^[a-z][a-z0-9_]*$": ("a short name", "Use lower-case letters, digits and _; begin with a letter."),
}


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that a typo was probably meant to be."""
    candidates = list(known)
    found = difflib.get_close_matches(name.lower(), [c.lower() for c in candidates], n=1, cutoff=0.6)
    return next((c for c in candidates if found and c.lower() == found[0]), None)


def problems_of(
    failure: ValidationError, schema: type[BaseModel], code: str, place_of: Callable[[Path], Place]
) -> list[Problem]:
    """Every mistake that pydantic found, one Problem each. Codes are `code-unknown-key`, `-missing`, `-type`, `-value`."""
    return list(dict.fromkeys(_problem(details, schema, code, place_of) for details in failure.errors()))


def _problem(details: ErrorDetails, schema: type[BaseModel], code: str, place_of: Callable[[Path], Place]) -> Problem:
    path = _path_of(details, schema)
    name = _shown(path)
    place = place_of(path)
    kind = details["type"]
    if kind == "extra_forbidden":
        return _unknown_key(path, schema, code, place)
    if kind == "missing":
        return error(f"{code}-missing", place, f"`{name}` is missing", f"Add `{path[-1]}`; it is required.")
    if kind == "string_pattern_mismatch":
        wanted, fix = _PATTERNS.get(details["ctx"]["pattern"], ("another text", "Correct the value."))
        return error(f"{code}-value", place, f"`{name}` should be {wanted}, not `{str(details['input'])[:40]}`", fix)
    if kind == "enum":
        return error(f"{code}-value", place, f"`{name}` cannot be {_described(details['input'])}", _choices(details))
    if kind in _EXPECTED:
        wanted = _EXPECTED[kind]
        return error(
            f"{code}-type",
            place,
            f"`{name}` should be {wanted}, not {_described(details['input'])}",
            'Put the value in quotes ("...").'
            if wanted == "a text" and not isinstance(details["input"], list | dict | None)
            else f"Write {wanted}.",
        )
    if kind in {"string_too_short", "too_short"}:
        return error(f"{code}-value", place, f"`{name}` is empty", "Write something there, or leave the key out.")
    if kind in {"string_too_long", "too_long"}:
        most = details["ctx"]["max_length"]
        return error(f"{code}-value", place, f"`{name}` is too long", f"At most {most} are possible.")
    if kind in {"greater_than_equal", "less_than_equal"}:
        what, bound = ("small", "ge") if kind == "greater_than_equal" else ("large", "le")
        fix = f"Write {details['ctx'][bound]} or {'more' if bound == 'ge' else 'less'}."
        return error(f"{code}-value", place, f"`{name}`: {details['input']} is too {what}", fix)
    words = details["msg"].removeprefix("Value error, ")
    what, _, fix = words.partition(" | ")
    return error(f"{code}-value", place, f"`{name}`: {what}" if name else what, fix or "Correct the value.")


def _shown(path: Path) -> str:
    """A path for people, who count entries from 1."""
    return "".join(f"[{step + 1}]" if isinstance(step, int) else f".{step}" for step in path).removeprefix(".")


def _choices(details: ErrorDetails) -> str:
    return f"Write one of {details['ctx']['expected']}."


def _unknown_key(path: Path, schema: type[BaseModel], code: str, place: Place) -> Problem:
    key = str(path[-1])
    known = _keys_at(schema, path[:-1])
    guess = nearest(key, known)
    where = f" in `{_shown(path[:-1])}`" if len(path) > 1 else ""
    fix = f"Did you mean `{guess}`?" if guess else f"Remove it, or use one of: {', '.join(known)}."
    return error(f"{code}-unknown-key", place, f"unknown key `{key}`{where}", fix)


def _described(value: Any) -> str:  # noqa: ANN401 - whatever the author wrote
    match value:
        case None:
            return "nothing"
        case bool():
            return f"`{str(value).lower()}`"
        case int() | float():
            return f"the number {value}"
        case str():
            return f"the text `{value[:40]}`"
        case list() | tuple():
            return "a list"
        case dict():
            return "a table of keys and values"
        case _:
            return f"`{str(value)[:40]}`"


def _path_of(details: ErrorDetails, schema: type[BaseModel]) -> Path:
    """The path of the key at fault; an unknown key may look like anything, also like a name of pydantic's."""
    loc = details["loc"]
    if details["type"] == "extra_forbidden":
        return (*_file_path(loc[:-1], schema), loc[-1])
    return _file_path(loc, schema)


def _file_path(loc: tuple[int | str, ...], schema: type[BaseModel]) -> Path:
    """The path as it stands in the file: without the names that pydantic adds for the members of a union."""
    path: list[str | int] = []
    annotation: Any = schema
    for step in loc:
        inside = _inside(annotation, step)
        if inside is None and isinstance(step, str) and _is_union_label(step):
            continue
        annotation = inside
        path.append(step)
    return tuple(path)


_UNION_LABELS = {"str", "int", "float", "bool", "tuple", "list", "dict", "none"}


def _is_union_label(step: str) -> bool:
    return step in _UNION_LABELS or "[" in step


def _keys_at(schema: type[BaseModel], path: Path) -> list[str]:
    annotation: Any = schema
    for step in path:
        annotation = _inside(annotation, step)
    return list(_fields(annotation))


def _inside(annotation: Any, step: str | int) -> Any:  # noqa: ANN401 - a type annotation
    """The annotation of what stands at this key or entry; None where nothing can stand."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return _fields(annotation).get(str(step))
    arguments = get_args(annotation)
    match get_origin(annotation):
        case kind if kind is dict:
            return arguments[1]
        case kind if kind in {tuple, list}:
            return arguments[0] if isinstance(step, int) else None
    found = (_inside(argument, step) for argument in arguments)
    return next((one for one in found if one is not None), None)


def _fields(annotation: Any) -> dict[str, Any]:  # noqa: ANN401 - a type annotation
    """Key -> annotation of the model inside an annotation such as `Foo`, `Foo | None`, `dict[str, Foo]`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return {f.alias or name: f.annotation for name, f in annotation.model_fields.items()}
    for argument in get_args(annotation):
        if fields := _fields(argument):
            return fields
    return {}
