"""What pydantic found wrong with a request -> our own words, and where it stands. What was sent is never repeated."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from newsletter.web.api.problems import Mistake, at

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

#: the kind of the mistake -> its words, filled with what pydantic says of the limits
_WORDS: Mapping[str, str] = {
    "missing": "This is needed.",
    "extra_forbidden": "There is no such field.",
    "string_type": "This has to be a text.",
    "string_too_short": "This is too short: at least {min_length}.",
    "string_too_long": "This is too long: at most {max_length} characters.",
    "string_pattern_mismatch": "This does not have the form that is described.",
    "too_short": "Too few: at least {min_length}.",
    "too_long": "Too many: at most {max_length}.",
    "list_type": "This has to be a list.",
    "dict_type": "This has to be an object.",
    "model_type": "This has to be an object.",
    "model_attributes_type": "This has to be an object.",
    "literal_error": "This can only be {expected}.",
    "enum": "This can only be {expected}.",
    "greater_than_equal": "This has to be at least {ge}.",
    "less_than_equal": "This has to be at most {le}.",
    "timezone_aware": "This moment needs an offset, such as Z or +02:00.",
    "value_error": "{error}",
}
_ATTRIBUTE = (
    "The name of an attribute is written as in newsletter.toml; its value is a short text, a number, true or false."
)
_ELSE = "This cannot be used."
_MOST = 50


def mistakes(errors: Sequence[Any]) -> list[Mistake]:
    """None where only the path is wrong: then there is nothing of that name."""
    told = dict.fromkeys(_mistake(one) for one in errors[:_MOST] if one["loc"][0] != "path")
    return [*told]


def _mistake(error: Mapping[str, Any]) -> Mistake:
    where, *steps = error["loc"]
    if steps[:1] == ["attributes"] and len(steps) > 2:
        # what it is not, one by one, or `[key]`: one sentence for all of it
        return Mistake(message=_ATTRIBUTE, pointer=at(*steps[:2]))
    message = _WORDS.get(error["type"], _ELSE).format_map(error.get("ctx", {}))
    if where == "body":
        return Mistake(message=message, pointer=at(*steps))
    return Mistake(message=message, parameter=str(steps[0]) if steps else str(where))
