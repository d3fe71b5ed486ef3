"""Every key of a file of claims rules, with its type; docs/claims.md explains them.

A validator's message has the form `what is wrong | what to do`.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from newsletter.check.claims.profile import ClaimLevel, Where
from newsletter.settings.section import NonEmptyLine, Section


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _one_line(text: str) -> str:
    words = " ".join(text.split())
    if not words:
        raise ValueError("there is nothing in it | Write something, or remove the key.")
    if any(ord(character) < 32 or ord(character) == 127 for character in words):
        raise ValueError("there is a control character in it | Write plain text.")
    return words


Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*$")]
Phrases = Annotated[tuple[NonEmptyLine, ...], BeforeValidator(_listed)]
#: may run over several lines of the file
Words = Annotated[str, AfterValidator(_one_line)]
Sentences = Annotated[tuple[Words, ...], BeforeValidator(_listed)]


class NearMatter(Section):
    words: Annotated[Phrases, Field(min_length=1)]
    within: Annotated[int, Field(ge=1, le=100)] | None = None


class NeedsMatter(Section):
    citation: bool = False
    words: Phrases = ()
    notice: Name | None = None


class ExamplesMatter(Section):
    hit: Sentences = ()
    no_hit: Sentences = Field(default=(), alias="no-hit")


class NoticeMatter(Section):
    words: Phrases
    block: Literal["callout", "quote", "table"] | None = None
    example: Words = ""


class RuleMatter(Section):
    """A rule, or what a file changes of an inherited one: then only `id` is required."""

    id: Name
    say: Phrases = ()
    near: NearMatter | None = None
    unless: Phrases = ("negated",)
    where: Where = Where.ANYWHERE
    needs: NeedsMatter = NeedsMatter()
    level: ClaimLevel = ClaimLevel.REVIEW
    why: Words = ""
    instead: Words = ""
    examples: ExamplesMatter = ExamplesMatter()


class FileMatter(Section):
    extends: Name | None = None
    language: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*$")] = "en"
    words: dict[Name, Phrases] = Field(default_factory=dict)
    notices: dict[Name, NoticeMatter] = Field(default_factory=dict)
    #: each is checked on its own, so that a wrong one does not cost the others
    rules: Annotated[tuple[Any, ...], Field(min_length=0)] = ()
