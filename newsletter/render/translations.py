"""The words that a mail says itself, in the issue's language: templates/translations/<language>.toml, dates, direction.

A workspace's own file overrides single keys. A language without a file is told as a problem and falls back to English.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING

from newsletter.model.problem import Place, error, warning

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from importlib.resources.abc import Traversable
    from pathlib import Path

    from newsletter.model.problem import Problem

#: languages that are written from right to left (those that have a living press)
_RIGHT_TO_LEFT = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "ks", "ps", "sd", "ug", "ur", "yi"})
_DEFAULT = "en"


@dataclass(frozen=True, kw_only=True)
class Translations:
    """What the mail says, and how this language writes dates, lists of names and lines."""

    language: str
    words: Mapping[str, str]

    def say(self, key: str, **names: object) -> str:
        """The words of a key with its {names} filled in."""
        return self.words[key].format_map(names)

    @property
    def right_to_left(self) -> bool:
        return primary(self.language) in _RIGHT_TO_LEFT

    def day(self, day: date) -> str:
        """A date as this language writes it in full."""
        from babel import Locale, UnknownLocaleError
        from babel.dates import format_date

        try:
            locale = Locale.parse(self.language, sep="-")
        except (ValueError, UnknownLocaleError):
            locale = Locale(_DEFAULT)
        return format_date(day, format="long", locale=locale)

    def listed(self, names: Sequence[str]) -> str:
        """`A`, `A and B`, `A, B and C`."""
        if len(names) < 2:
            return "".join(names)
        return f"{', '.join(names[:-1])} {self.words['and']} {names[-1]}"


def primary(language: str) -> str:
    """`es` of `es-MX`."""
    return language.partition("-")[0].lower()


def translations(language: str, at: Place, folders: Sequence[Path]) -> tuple[Translations, list[Problem]]:
    """The words for a language; `at` is where the issue names it, `folders` are the workspace's `templates`."""
    own = [folder / "translations" for folder in folders]
    packaged: Traversable = files("newsletter.templates").joinpath("translations")
    words, problems = _read(packaged, _DEFAULT)
    found = False
    for name in dict.fromkeys((primary(language), language)):
        for place in (packaged, *reversed(own)):
            more, told = _read(place, name)
            found = found or bool(more)
            problems += told + _misfits(more, words, f"{place}/{name}.toml")
            words |= more
    if not found:
        fix = f"Write templates/translations/{primary(language)}.toml after en.toml, or choose another language."
        problems.append(
            warning("language-untranslated", at, f"the mail's own words are not there in `{language}`", fix)
        )
    return Translations(language=language, words=words), problems


def _read(folder: Traversable | Path, name: str) -> tuple[dict[str, str], list[Problem]]:
    """The texts of one file; nothing when it is not there."""
    file = folder.joinpath(f"{name}.toml")
    try:
        if not file.is_file():
            return {}, []
        data = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError:  # a tag longer than the name of any file
        return {}, []
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as why:
        fix = 'Each line has the form name = "text".'
        return {}, [error("translation-syntax", Place(file=str(file)), f"this file cannot be read: {why}", fix)]
    return {key: value for key, value in data.items() if isinstance(value, str)}, []


def _misfits(words: dict[str, str], known: Mapping[str, str], file: str) -> list[Problem]:
    """Drops texts whose {names} are not those of the English text, and says so."""
    problems = []
    for key, text in list(words.items()):
        if key in known and not _fits(text, known[key]):
            del words[key]
            fix = f"Use only the names of the English text: {known[key]}"
            problems.append(error("translation-names", Place(file=file), f"`{key}` has other {{names}}: {text}", fix))
    return problems


def _fits(text: str, model: str) -> bool:
    names = _Names()
    model.format_map(names)
    try:
        text.format_map(dict.fromkeys(names.seen, ""))
    except (KeyError, ValueError, IndexError, AttributeError):
        return False
    return True


class _Names(dict[str, str]):
    """Remembers which names a text asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def __missing__(self, name: str) -> str:
        self.seen.append(name)
        return ""
