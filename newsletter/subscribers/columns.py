"""The header of a CSV file -> which column holds which field of a subscriber, and how its cells are read.

Headings are compared without regard to case; spaces, hyphens, dots and underscores are the same.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsletter.subscribers.addresses import checked_address
from newsletter.subscribers.values import (
    PADDING,
    attribute_reader,
    language_value,
    refuse_hostile,
    text_value,
    zone_value,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from newsletter.model.importing import AttributeValue
    from newsletter.settings.schema import Attribute

ADDRESS = "email"
_FIELDS: Mapping[str, Callable[[str], str]] = {
    ADDRESS: checked_address,
    "first_name": text_value,
    "last_name": text_value,
    "language": language_value,
    "timezone": zone_value,
}
#: what exports call our fields, in English, German and Spanish
_SYNONYMS: Mapping[str, str] = {
    "e_mail": ADDRESS,
    "mail": ADDRESS,
    "email_address": ADDRESS,
    "e_mail_address": ADDRESS,
    "mail_address": ADDRESS,
    "emailaddress": ADDRESS,
    "subscriber_email": ADDRESS,
    "e_mail_adresse": ADDRESS,
    "email_adresse": ADDRESS,
    "mailadresse": ADDRESS,
    "correo": ADDRESS,
    "correo_electronico": ADDRESS,
    "correo_electrónico": ADDRESS,
    "firstname": "first_name",
    "given_name": "first_name",
    "givenname": "first_name",
    "forename": "first_name",
    "fname": "first_name",
    "vorname": "first_name",
    "nombre": "first_name",
    "lastname": "last_name",
    "surname": "last_name",
    "family_name": "last_name",
    "familyname": "last_name",
    "lname": "last_name",
    "nachname": "last_name",
    "familienname": "last_name",
    "apellido": "last_name",
    "apellidos": "last_name",
    "lang": "language",
    "locale": "language",
    "sprache": "language",
    "idioma": "language",
    "time_zone": "timezone",
    "tz": "timezone",
    "zeitzone": "timezone",
}
_SEPARATORS_OF_WORDS = re.compile(r"[\s._-]+")


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """`heading` as it stands in the file, `field` as a subscriber has it. `read` raises ValueError with a reason."""

    heading: str
    field: str
    index: int
    is_attribute: bool
    read: Callable[[str], AttributeValue]


@dataclass(frozen=True, kw_only=True, slots=True)
class Columns:
    known: tuple[Column, ...]
    ignored: tuple[str, ...]
    width: int


def columns_of(headings: Sequence[str], attributes: Mapping[str, Attribute]) -> Columns:
    """What each column is for. A field wins over an attribute of the same name, an attribute over a synonym.

    Raises:
        ValueError: the header cannot be used; the message says why and what to do.
    """
    headings = [heading.strip(PADDING) for heading in headings]
    known: dict[str, Column] = {}
    ignored = []
    for index, heading in enumerate(headings):
        _refuse_hostile_heading(heading)
        column = _column(heading, index, attributes)
        if column is None:
            ignored.append(heading or f"column {index + 1}, without a heading")
        elif earlier := known.get(column.field):
            raise ValueError(
                f"the columns `{earlier.heading}` and `{heading}` both hold {column.field}; keep one of them"
            )
        else:
            known[column.field] = column
    if ADDRESS not in known:
        raise ValueError(_no_address(headings))
    return Columns(known=tuple(known.values()), ignored=tuple(ignored), width=len(headings))


def _refuse_hostile_heading(heading: str) -> None:
    try:
        refuse_hostile(heading)
    except ValueError as why:
        raise ValueError(f"its first line is not a header: a heading {why}") from None


def _column(heading: str, index: int, attributes: Mapping[str, Attribute]) -> Column | None:
    word = _SEPARATORS_OF_WORDS.sub("_", heading.casefold())
    if word not in _FIELDS and word in attributes:
        read = attribute_reader(attributes[word])
        return Column(heading=heading, field=word, index=index, is_attribute=True, read=read)
    field = _SYNONYMS.get(word, word)
    if field not in _FIELDS:
        return None
    return Column(heading=heading, field=field, index=index, is_attribute=False, read=_FIELDS[field])


def _no_address(headings: Sequence[str]) -> str:
    if any("@" in heading for heading in headings):
        return "its first line is a reader, not a header; put a line such as email,first_name,last_name above it"
    found = ", ".join(f"`{heading[:40]}`" for heading in headings[:30] if heading)
    return f"no column holds the addresses; call it `email` (the columns found are: {found or 'none'})"
