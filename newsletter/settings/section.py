"""What all sections of newsletter.toml share: no unknown keys, nothing that changes, texts on one line, names."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field


class Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


def _one_line(text: str) -> str:
    if any(ord(character) < 32 or ord(character) == 127 for character in text):
        raise ValueError("there is a line break or a control character in it | Keep it on one line.")
    return text


Line = Annotated[str, AfterValidator(_one_line)]
NonEmptyLine = Annotated[str, Field(min_length=1), AfterValidator(_one_line)]


def _language_tag(tag: str) -> str:
    from babel import Locale, UnknownLocaleError

    try:
        Locale.parse(tag, sep="-")
    except (ValueError, UnknownLocaleError, TypeError):
        raise ValueError(f"`{tag}` is not a language | Use a tag such as en, de or es-MX.") from None
    return tag


Language = Annotated[str, AfterValidator(_language_tag)]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*$")]
FieldName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
