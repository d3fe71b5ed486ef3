"""Authors and editors: CSL names in the right shape, and whatever else exports write, with what is wrong about it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from newsletter.model.problem import error, information
from newsletter.references.text import clean, imported

if TYPE_CHECKING:
    from collections.abc import Mapping

    from newsletter.model.problem import Place, Problem

#: the longest list of authors that was ever printed has about 5,000
_MOST = 10_000
_PARTS = ("family", "given", "dropping-particle", "non-dropping-particle", "suffix")
#: the end of a list that somebody cut short
_CUT_SHORT = re.compile(r"(?:and )?(?:others|et\.? al\.?)", re.IGNORECASE)
#: how such a list is kept: as pandoc and Zotero write BibTeX's `and others` in CSL-JSON
OTHERS = {"literal": "others"}
#: any hyphen within a given name, perhaps behind an initial's point
_HYPHENATED = re.compile(r"(?<=[^\W\d_])(\.?)[-\u2010\u2011]([^\W\d_])")
_FIX = (
    'Write each person as {"family": "Smith", "given": "Jane"} and a group as {"literal": "World Health Organization"}.'
)


def names_of(field: str, value: Any, place: Place) -> tuple[list[dict[str, str]], list[Problem]]:  # noqa: ANN401 - any shape
    """The names in CSL's shape. One that is in no known shape is a problem and, where it has text, printed as it stands."""
    if not isinstance(value, list | tuple):
        wrong = error("reference-names", place, f"`{field}` should be a list of names", _FIX)
        return _list_of(imported(value) if isinstance(value, str) else ""), [wrong]
    names: list[dict[str, str]] = []
    problems: list[Problem] = []
    if len(value) > _MOST:
        message = f"`{field}` has {len(value):,} names; {_MOST:,} are allowed"
        return [], [error("reference-names", place, message, "Check that this is one entry; name the group instead.")]
    for number, item in enumerate(value, 1):
        name = _name(item)
        if name is None:
            message = f"name {number} of `{field}` is not in the form of a name"
            problems.append(error("reference-names", place, message, _FIX))
            names += _list_of(imported(item) if isinstance(item, str) else "")
        elif _CUT_SHORT.fullmatch(" ".join(name.values())):
            message = f"`{field}` ends in `{' '.join(name.values())}` and leaves names out"
            fix = "Give all names; the style shortens the list."
            problems.append(information("reference-others", place, message, fix))
            names += [OTHERS] if names and number == len(value) else []
        else:
            names.append(name)
    return names, problems


def _list_of(text: str) -> list[dict[str, str]]:
    return [{"literal": text}] if text else []


def _name(item: Any) -> dict[str, str] | None:  # noqa: ANN401 - any shape
    if not isinstance(item, dict):
        return None
    parts = {part: imported(item[part]) for part in _PARTS if isinstance(item.get(part), str)}
    parts = {part: text for part, text in parts.items() if text}
    if parts.get("family"):
        return parts
    # Crossref writes a group as `name`; a lone given name is how some exports write one
    for key in ("literal", "name", "given"):
        if isinstance(item.get(key), str) and (text := imported(item[key])):
            return {"literal": text}
    return None


def are_others(name: Any) -> bool:  # noqa: ANN401 - any shape
    """Whether it is no name, but says that there are more."""
    return bool(name == OTHERS)


def family_of(name: Mapping[str, Any]) -> str:
    """The name as it stands in a sentence: `van der Berg`, `World Health Organization`."""
    return printable_name(name).get("literal") or printable_name(name).get("family", "")


def printable_name(name: Mapping[str, Any]) -> dict[str, str]:
    """A name as the formatter prints it right: particles before the family name, initials apart (`AV` is `A. V.`)."""
    texts = {key: clean(value) for key, value in name.items() if isinstance(value, str)}
    if literal := texts.get("literal"):
        return {"literal": literal}
    pieces = (texts.get(part, "") for part in ("dropping-particle", "non-dropping-particle", "family"))
    family = " ".join(piece for piece in pieces if piece)
    given = texts.get("given", "")
    if not family or not given:
        return {"literal": family or given} if family or given else {}
    named = {"family": family, "given": spaced_initials(given)}
    suffix = texts.get("suffix", "").rstrip(".")
    return {**named, "suffix": suffix} if suffix else named


def spaced_initials(given: str) -> str:
    """`AV` and `A.V.` as `A. V.`, `JP` of `J-P` left to its hyphen; `Anatole V.` and `Yu` as they are.

    A small letter after a hyphen becomes a capital: only then do styles take it for an initial (`Dae-jung` is DJ).
    """
    if given[:1].isupper():
        given = _HYPHENATED.sub(lambda match: f"{match[1]}-{match[2].upper()}", given)
    words = [word for word in re.split(r"[.\s]+", given) if word]
    if not all(len(word) <= 3 and word.isalpha() and word.isupper() for word in words):
        return given
    return " ".join(f"{letter}." for word in words for letter in word)
