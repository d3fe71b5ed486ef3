"""The words that a mail says itself, in the issue's language: templates/translations/<language>.toml, dates, direction.

A workspace's own file overrides single keys, or brings a language of its own. A language without a file, or keys that
no file has, are told as a problem and fall back to English.
"""

from __future__ import annotations

import tomllib
import unicodedata
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING

from newsletter.model.problem import Place, error, warning

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from importlib.resources.abc import Traversable
    from pathlib import Path

    from babel import Locale

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

    @property
    def direction(self) -> str:
        return "rtl" if self.right_to_left else "ltr"

    @property
    def locale(self) -> Locale:
        """Where babel finds how this language writes dates; English for one that it does not know."""
        from babel import Locale, UnknownLocaleError

        try:
            return Locale.parse(self.language, sep="-")
        except (ValueError, UnknownLocaleError):
            return Locale(_DEFAULT)

    def day(self, day: date) -> str:
        """A date as this language writes it in full."""
        from babel.dates import format_date

        return format_date(day, format="long", locale=self.locale)

    def listed(self, names: Sequence[str]) -> str:
        """`A`, `A and B`, `A, B and C`."""
        if len(names) < 2:
            return "".join(names)
        return f"{', '.join(names[:-1])} {self._and(names[-1])}"

    def _and(self, name: str) -> str:
        """`and Ana`. Hebrew writes the word as part of the next one, with a hyphen before another script (as CLDR does)."""
        word = self.words["and"]
        if primary(self.language) != "he":
            return f"{word} {name}"
        letter = next(filter(str.isalpha, name), "")
        return f"{word}{name}" if unicodedata.bidirectional(letter or "x") == "R" else f"{word}-{name}"


def primary(language: str) -> str:
    """`es` of `es-MX`."""
    return language.partition("-")[0].lower()


def translations(language: str, at: Place, folders: Sequence[Path]) -> tuple[Translations, list[Problem]]:
    """The words for a language; `at` is where the issue names it, `folders` are the workspace's `templates`."""
    own = [folder / "translations" for folder in folders]
    packaged: Traversable = files("newsletter.templates").joinpath("translations")
    words, problems = _read(packaged, _DEFAULT)
    spoken: set[str] = set()
    last = ""
    for name in dict.fromkeys((primary(language), language)):
        for place in (packaged, *reversed(own)):
            more, told = _read(place, name)
            file = f"{place}/{name}.toml"
            last = file if more else last
            problems += told + _misfits(more, words, file)
            spoken |= more.keys()
            words |= more
    if not last:
        problems.append(_untranslated(language, at))
    elif missing := [key for key in words if key not in spoken]:
        problems.append(_incomplete(missing, last))
    return Translations(language=language, words=words), problems


def languages(folders: Sequence[Path]) -> tuple[str, ...]:
    """The languages that have a file, ours and the workspace's, by tag."""
    packaged: Traversable = files("newsletter.templates").joinpath("translations")
    places: list[Traversable | Path] = [packaged, *(folder / "translations" for folder in folders)]
    names = (file.name for place in places if place.is_dir() for file in place.iterdir())
    return tuple(sorted({name.removesuffix(".toml") for name in names if name.endswith(".toml")}))


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


def _untranslated(language: str, at: Place) -> Problem:
    name = f"translations/{primary(language)}.toml"
    what = f"the mail's own words are not there in `{language}`"
    fix = f"Run `newsletter templates copy translations/en.toml --as {name}` and translate it, or choose another language."
    return warning("language-untranslated", at, what, fix)


def _incomplete(missing: Sequence[str], file: str) -> Problem:
    keys = ", ".join(f"`{key}`" for key in missing)
    what = f"these words are not there and stay English: {keys}"
    fix = "Add them, translated from translations/en.toml; `newsletter templates list` says where that lies."
    return warning("translation-incomplete", Place(file=file), what, fix)


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
