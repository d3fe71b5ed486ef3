"""What all shapes of requests and answers are made of. Fields that we do not know are refused, not passed over."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime
from typing import Annotated, Any, TypeAlias

from fastapi import Path
from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

#: RFC 3339; pydantic alone would take a number of seconds too
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
ID_PATTERN = "^[0-9A-Za-z_-]{1,32}$"
LIST_PATTERN = "^[a-z][a-z0-9_-]{0,59}$"
AN_ID = "4f0c2a9be7d94a0c8f5e1c7d3b6a9021"


class Strict(BaseModel):
    """A body."""

    model_config = ConfigDict(extra="forbid")


def example(**values: Any) -> ConfigDict:  # noqa: ANN401 - whatever JSON can say
    """The configuration of a shape, with an example of it."""
    return ConfigDict(json_schema_extra={"examples": [values]})


def one_of(keyword: str, *names: str, **values: Any) -> ConfigDict:  # noqa: ANN401 - see above
    """The same, where `oneOf` or `anyOf` these fields must be there."""
    there: list[Any] = [{"required": [name], "properties": {name: {"not": {"type": "null"}}}} for name in names]
    return ConfigDict(json_schema_extra={"examples": [values], keyword: there})


def _moment(value: object) -> object:
    if isinstance(value, datetime) or (isinstance(value, str) and _MOMENT.fullmatch(value)):
        return value
    raise ValueError("This is no moment such as 2026-05-03T10:00:00Z (RFC 3339).")


def _plain(text: str) -> str:
    if any(unicodedata.category(sign) == "Cc" and sign not in "\n\r\t" for sign in text):
        raise ValueError("This has a control character in it.")
    return text


Moment: TypeAlias = Annotated[AwareDatetime, BeforeValidator(_moment)]
ListName: TypeAlias = Annotated[str, StringConstraints(pattern=LIST_PATTERN)]
Line: TypeAlias = Annotated[str, StringConstraints(max_length=400)]
#: several lines of what somebody read or said
Words: TypeAlias = Annotated[str, StringConstraints(min_length=1, max_length=4000), AfterValidator(_plain)]
Email: TypeAlias = Annotated[str, StringConstraints(max_length=320), Field(json_schema_extra={"format": "email"})]
AttributeName: TypeAlias = Annotated[str, StringConstraints(pattern="^[a-z][a-z0-9_]{0,59}$")]
AttributeValue: TypeAlias = Annotated[str, StringConstraints(max_length=400)] | bool | int | float
PersonId: TypeAlias = Annotated[
    str, Path(pattern=ID_PATTERN, description="The `id` of a subscriber.", examples=[AN_ID], alias="id")
]
