"""Every key of a front matter, with its type and default; docs/issue-format.md explains them, `newsletter schema issue` prints them.

A validator's message has the form `what is wrong | what to do`.
"""

from __future__ import annotations

import re
from datetime import date as Day  # noqa: N812 - a field is called date
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema

from newsletter.settings.schema import Language
from newsletter.settings.section import Section

_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_TAG = re.compile(r"(?<!\\)\{\{.*\}\}")


def _one_line(text: str) -> str:
    if any(ord(character) < 32 for character in text):
        raise ValueError("there is a line break or a control character in it | Keep it on one line.")
    return text


def _filled(text: str) -> str:
    if not text:
        raise ValueError("there is nothing in it | Write something, or remove the key.")
    return text


def _constant(text: str) -> str:
    if _TAG.search(text):
        raise ValueError(
            "merge tags are not understood here | Write plain text; subject, preheader and the body may have merge tags."
        )
    return text.replace("\\{{", "{{")


def _iso_day(value: object) -> object:
    if value is None or (isinstance(value, str) and _ISO_DATE.fullmatch(value.strip())):
        return value
    raise ValueError(f"`{str(value)[:40]}` is not a date | Write it as year-month-day, such as 2026-12-01.")


def _listed(value: object) -> object:
    return [value] if isinstance(value, str | dict) else value


def _variable_name(name: str) -> str:
    if not _VARIABLE.fullmatch(name):
        raise ValueError(f"`{name[:40]}` cannot be the name of a variable | Use letters, digits and underscores.")
    return name


def _source(value: object) -> object:
    if isinstance(value, str) and value.strip():
        return value.strip()
    if isinstance(value, dict) and value:
        return value
    raise ValueError("this is no reference | Name a file such as references.json, or write a CSL entry with an `id`.")


_TEXTS = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
_SOURCES = {
    "anyOf": [
        {"type": "string"},
        {"type": "object"},
        {"type": "array", "items": {"anyOf": [{"type": "string"}, {"type": "object"}]}},
    ]
}

OneLine = Annotated[str, AfterValidator(_one_line)]
FilledLine = Annotated[str, AfterValidator(_filled), AfterValidator(_one_line)]
#: neither empty nor with merge tags
PlainLine = Annotated[FilledLine, AfterValidator(_constant)]
Constant = Annotated[OneLine, AfterValidator(_constant)]
Texts = Annotated[tuple[FilledLine, ...], BeforeValidator(_listed), WithJsonSchema(_TEXTS)]
Names = Annotated[tuple[PlainLine, ...], BeforeValidator(_listed), WithJsonSchema(_TEXTS)]
IsoDay = Annotated[Day, BeforeValidator(_iso_day)]
Source = Annotated[Any, AfterValidator(_source)]
Sources = Annotated[tuple[Source, ...], BeforeValidator(_listed), WithJsonSchema(_SOURCES)]


class Ignore(Section):
    code: FilledLine = Field(description="The code of the check, as problems show it.")
    reason: FilledLine = Field(description="Why it is right to ignore it here.")


class Checks(Section):
    ignore: tuple[Ignore, ...] = Field(default=(), description="Checks that do not count for this issue.")


class FrontMatter(Section):
    """The front matter of an issue."""

    title: PlainLine = Field(description="The headline, without merge tags.")
    subject: FilledLine | None = Field(
        default=None, description="The subject line, merge tags allowed; else the title."
    )
    preheader: OneLine = Field(default="", description="What inboxes show after the subject, merge tags allowed.")
    date: IsoDay | None = Field(default=None, description="The date of the issue, such as 2026-12-01.")
    authors: Names = Field(default=(), description="The name or names in the byline.")
    language: Language | None = Field(default=None, description="The language, such as en or de; else the settings'.")
    template: FilledLine = Field(
        default="article", description="article, digest, announcement, or one of the workspace's own."
    )
    topics: Texts = Field(default=(), description="Topics that policy may tie to disclaimers.")
    audience: Texts = Field(default=(), description="The lists that get the issue unless others are named.")
    references: Sources = Field(
        default=(),
        description="Files beside the issue (.json, .bib, .ris, .nbib, .xml, .enw), or CSL entries written here.",
    )
    citation_style: FilledLine = Field(default="american-medical-association", description="The name of a CSL style.")
    disclaimers: Texts = Field(default=(), description="Disclaimers besides those that policy requires.")
    variables: dict[Annotated[str, AfterValidator(_variable_name)], Constant] = Field(
        default_factory=dict, description="Texts that the body may use as {{ name }}."
    )
    checks: Checks = Field(default=Checks(), description="Checks that do not count for this issue, with reasons.")


class DisclaimerMatter(Section):
    """The front matter of a disclaimer."""

    id: FilledLine
    title: FilledLine
    version: FilledLine
    effective_from: IsoDay | None = None
    effective_until: IsoDay | None = None


def front_matter_schema() -> dict[str, Any]:
    """The JSON Schema of the front matter, for editors."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **FrontMatter.model_json_schema()}
