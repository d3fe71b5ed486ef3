"""The text of one cell -> the value of a subscriber's field or attribute. ValueError says in plain words what does not fit."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from functools import lru_cache, partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from newsletter.model.answers import NO, YES
from newsletter.settings.schema import AttributeType

if TYPE_CHECKING:
    from collections.abc import Callable

    from newsletter.model.importing import AttributeValue
    from newsletter.settings.schema import Attribute

MAX_LENGTH = 400
#: around a cell these mean nothing, also the mark that begins a file, where files were joined; inside it a line break or a
#: tab is refused
PADDING = " \t\r\n\u00a0\ufeff\u200b"
#: control characters (C0, DEL, C1), line and paragraph separators, what turns the direction of the text around it, and
#: what stands for a letter that was lost
_HOSTILE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufffd]")
#: RFC 5646 in outline: a language, then parts of up to eight letters and digits
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")
_MAX_LANGUAGE = 35
_NUMBER = re.compile(r"[+-]?[0-9]{1,15}(?:\.[0-9]{1,15})?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def about(name: str, why: str) -> str:
    """What is wrong with the value of something, as a sentence that keeps the spelling of its name."""
    return f"`{name}` {why}" if why.startswith(("has ", "is ")) else f"`{name}`: {why}"


def refuse_hostile(text: str) -> None:
    """Refuse what could break out of a header or a line, or make a name read as something else."""
    found = _HOSTILE.search(text)
    if found is None:
        return
    if found[0] in "\r\n\u2028\u2029":
        raise ValueError("has a line break in it")
    if found[0] == "\t":
        raise ValueError("has a tab in it")
    if found[0] == "\ufffd":
        raise ValueError("has a letter in it that was lost when the file was saved (U+FFFD)")
    if found[0] > "\u2000":
        raise ValueError(f"has a character that turns the direction of text (U+{ord(found[0]):04X}) in it")
    raise ValueError(f"has a control character (U+{ord(found[0]):04X}) in it")


def text_value(text: str) -> str:
    if len(text) > MAX_LENGTH:
        raise ValueError(f"is {len(text)} characters long; at most {MAX_LENGTH} are kept")
    return text


@lru_cache(maxsize=512)
def language_value(text: str) -> str:
    """A BCP 47 tag that Babel knows; `de_AT` becomes `de-AT`."""
    from babel import Locale, UnknownLocaleError

    tag = text.replace("_", "-")
    if len(tag) <= _MAX_LANGUAGE and _LANGUAGE.fullmatch(tag):
        try:
            Locale.parse(tag, sep="-")
        except (ValueError, UnknownLocaleError):
            pass
        else:
            return tag
    raise ValueError(f"`{_short(text)}` is not a language tag such as en, de or es-MX")


@lru_cache(maxsize=512)
def zone_value(text: str) -> str:
    try:
        ZoneInfo(text)
    except (ValueError, OSError, KeyError):  # ZoneInfoNotFoundError is a KeyError
        raise ValueError(f"`{_short(text)}` is not a time zone such as Europe/Berlin") from None
    return text


def attribute_reader(attribute: Attribute) -> Callable[[str], AttributeValue]:
    """The function that reads this attribute's cells."""
    match attribute.type:
        case AttributeType.TEXT:
            return text_value
        case AttributeType.CHOICE:
            return partial(_choice, {_folded(choice): choice for choice in attribute.choices})
        case AttributeType.NUMBER:
            return _number
        case AttributeType.DATE:
            return _date
        case AttributeType.YES_NO:
            return _yes_no


def _choice(choices: dict[str, str], text: str) -> str:
    found = choices.get(_folded(text))
    if found is None:
        raise ValueError(f"`{_short(text)}` is not one of: {', '.join(choices.values())}")
    return found


def _folded(text: str) -> str:
    """An é is one character or two, by the program that wrote the file."""
    return unicodedata.normalize("NFC", text).casefold()


def _number(text: str) -> int | float:
    if not _NUMBER.fullmatch(text):
        raise ValueError(f"`{_short(text)}` is not a number such as 12 or 1.5")
    return float(text) if "." in text else int(text)


def _date(text: str) -> str:
    try:
        if _DATE.fullmatch(text):
            return date.fromisoformat(text).isoformat()
    except ValueError:
        pass
    raise ValueError(f"`{_short(text)}` is not a date such as 2026-12-01")


def _yes_no(text: str) -> bool:
    answer = text.casefold()
    if answer in YES:
        return True
    if answer in NO:
        return False
    raise ValueError(f"`{_short(text)}` is neither yes nor no")


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"
