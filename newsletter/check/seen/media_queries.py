"""Whether the conditions of @media and @supports hold for a screen of a width and a reader's choice of light or dark.

What is not known here, such as `hover` or `print`, does not hold.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_PHONE = 480
#: a mail on a desk
WIDE = 1200
_LENGTH = r"(\d+(?:\.\d+)?)(px|em|rem)?"
_BOUND = re.compile(rf"\((min|max)-(?:device-)?width:{_LENGTH}\)")
_RANGE = re.compile(rf"\(width(<=|>=|<|>){_LENGTH}\)")
_SCHEME = re.compile(r"\(prefers-color-scheme:(light|dark)\)")
_AND = re.compile(r"\band\b")


@dataclass(frozen=True, kw_only=True, order=True)
class View:
    """How a reader looks at a mail."""

    dark: bool
    #: in pixels
    width: int

    @property
    def words(self) -> str:
        """Such as " on a phone in dark mode"; nothing for a wide screen in light."""
        window = f" in a window of {self.width} pixels" if self.width < WIDE else ""
        return (" on a phone" if self.width <= _PHONE else window) + (" in dark mode" if self.dark else "")


def holds(media: str, view: View) -> bool:
    """Whether the words after @media hold."""
    return any(_query_holds(query.strip().lower(), view) for query in media.split(","))


def widths_in(media: str) -> set[int]:
    """The widths on either side of each bound in it."""
    text = re.sub(r"\s", "", media.lower())
    lengths = (found.groups()[1:] for pattern in (_BOUND, _RANGE) for found in pattern.finditer(text))
    return {int(_pixels(number, unit)) + step for number, unit in lengths for step in (-1, 0, 1)}


def is_supported(condition: str) -> bool:
    """Of @supports: what no engine has a name of its own for is in all of them."""
    return not re.search(r"\bnot\b|\(\s*-", condition.lower())


def _query_holds(query: str, view: View) -> bool:
    is_not = query.startswith("not ")
    terms = [re.sub(r"\s", "", term) for term in _AND.split(query.removeprefix("not ").removeprefix("only "))]
    told = [_term_holds(term, view) for term in terms]
    if None in told:
        return False
    return all(told) != is_not


def _term_holds(term: str, view: View) -> bool | None:
    """None where it is not known."""
    if term in {"screen", "all", ""}:
        return True
    if term in {"print", "speech", "tty", "tv", "handheld"}:
        return False
    if scheme := _SCHEME.fullmatch(term):
        return (scheme[1] == "dark") == view.dark
    if bound := _BOUND.fullmatch(term):
        limit = _pixels(bound[2], bound[3])
        return view.width >= limit if bound[1] == "min" else view.width <= limit
    if found := _RANGE.fullmatch(term):
        limit = _pixels(found[2], found[3])
        return {"<": view.width < limit, ">": view.width > limit}.get(found[1][0], False) or (
            "=" in found[1] and view.width == limit
        )
    return None


def _pixels(number: str, unit: str | None) -> float:
    return float(number) * (16 if unit in {"em", "rem"} else 1)
