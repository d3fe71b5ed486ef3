"""The bytes of a body -> what they say, or a problem. orjson refuses NaN, lone surrogates and a thousand levels of nesting."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from newsletter.web.api.problems import Kind, Problem, at, invalid

if TYPE_CHECKING:
    from collections.abc import Iterator


def parsed(body: bytes) -> Any:  # noqa: ANN401 - whatever JSON can say
    """Raises:
    Problem: it is no JSON, or holds a NUL, which PostgreSQL cannot store.
    """
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise Problem(Kind.BAD_JSON) from None
    for pointer in _nul_characters(value):
        raise invalid("This has a NUL character in it.", pointer)
    return value


def _nul_characters(value: object) -> Iterator[str]:
    """Where they are. Without recursion, for the sake of deep nesting."""
    waiting: list[tuple[object, tuple[str | int, ...]]] = [(value, ())]
    while waiting:
        one, path = waiting.pop()
        if isinstance(one, str) and "\0" in one:
            yield at(*path)
        elif isinstance(one, list):
            waiting += [(entry, (*path, place)) for place, entry in enumerate(one)]
        elif isinstance(one, dict):
            if any("\0" in name for name in one):
                yield at(*path)
            waiting += [(entry, (*path, name)) for name, entry in one.items()]
