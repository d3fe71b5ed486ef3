"""[attributes]: the typed fields of subscribers, and the values that one of a type can have."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Self
from unicodedata import normalize

from pydantic import model_validator

from newsletter.settings.section import NonEmptyLine, Section


class AttributeType(StrEnum):
    TEXT = "text"
    CHOICE = "choice"
    NUMBER = "number"
    DATE = "date"
    YES_NO = "yes-no"


class Attribute(Section):
    type: AttributeType
    choices: tuple[NonEmptyLine, ...] = ()

    @model_validator(mode="after")
    def _choices_belong_to_choice(self) -> Self:
        if (self.type is AttributeType.CHOICE) != bool(self.choices):
            raise ValueError('`choices` and type "choice" go together | Give both, or neither.')
        return self


def as_imported(value: object) -> str | int | float | bool:
    """A date of TOML as it is stored, and an é as one character.

    Raises:
        ValueError: no attribute can have such a value.
    """
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    if not isinstance(value, str | int | float):
        raise ValueError("no attribute can equal this | Write a text, a number, true or false, or a date.")  # noqa: TRY004
    return normalize("NFC", value.strip()) if isinstance(value, str) else value


def why_never(attribute: Attribute, value: object) -> str:
    """What an attribute of this type could be instead; empty when it can have the value."""
    match attribute.type:
        case AttributeType.CHOICE if value not in {normalize("NFC", choice) for choice in attribute.choices}:
            return "one of its choices: " + ", ".join(attribute.choices)
        case AttributeType.NUMBER if not _is_number(value):
            return "a number of at most 15 digits, without quotes"
        case AttributeType.YES_NO if not isinstance(value, bool):
            return "true or false, without quotes"
        case AttributeType.DATE if not _is_date(value):
            return 'a date such as "2026-12-01"'
        case AttributeType.TEXT if not isinstance(value, str) or not value or min(value) < " ":
            return "a text in quotes, on one line and not empty"
    return ""


def _is_number(value: object) -> bool:
    """One that an import can have read; TOML also has inf and nan."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e15


def _is_date(value: object) -> bool:
    try:
        return date.fromisoformat(str(value)).isoformat() == value
    except ValueError:
        return False
