"""Formatting as single private characters while a reference is being built, and as Runs when it is done.

The formatter works on text, so the marks must survive it; text.clean takes such characters out of all input, so that
none can be forged, and nothing is ever escaped or unescaped.
"""

from __future__ import annotations

from itertools import groupby
from types import SimpleNamespace
from typing import Any

from newsletter.model.reference import Run

OPEN = {"i": "\ue000", "b": "\ue002", "sup": "\ue004", "sub": "\ue006"}
CLOSE = {"i": "\ue001", "b": "\ue003", "sup": "\ue005", "sub": "\ue007"}
#: stand for the DOI and the URL, which are cut out of the text: the entry carries them
DOI, URL = "\ue008", "\ue009"

_ALL = frozenset([*OPEN.values(), *CLOSE.values(), DOI, URL])
_STARTS = {mark: name for name, mark in OPEN.items()}
_ENDS = {mark: name for name, mark in CLOSE.items()}


def is_mark(character: str) -> bool:
    return character in _ALL


def without(text: str) -> str:
    return "".join(character for character in text if character not in _ALL)


def formatter() -> SimpleNamespace:
    """What citeproc asks to format with; the shape of its modules in citeproc/formatter/."""
    return SimpleNamespace(
        preformat=str,
        Italic=_wrapper("i"),
        Oblique=_wrapper("i"),
        Bold=_wrapper("b"),
        Superscript=_wrapper("sup"),
        Subscript=_wrapper("sub"),
        Light=str,
        Underline=str,
        SmallCaps=str,
    )


def _wrapper(name: str) -> Any:  # noqa: ANN401 - whatever citeproc hands over, it is joined as text
    return lambda text: f"{OPEN[name]}{text}{CLOSE[name]}"


def runs(text: str) -> tuple[Run, ...]:
    """Marked text as runs. Italic within italic is upright again; a mark without partner does nothing."""
    groups = groupby(_styled(text), key=lambda pair: pair[1])
    return tuple(_run("".join(character for character, _ in pairs), style) for style, pairs in groups)


def _styled(text: str) -> list[tuple[str, frozenset[str]]]:
    depth = dict.fromkeys(OPEN, 0)
    pairs: list[tuple[str, frozenset[str]]] = []
    for character in text:
        if name := _STARTS.get(character):
            depth[name] += 1
        elif name := _ENDS.get(character):
            depth[name] = max(0, depth[name] - 1)
        elif character not in _ALL:
            pairs.append((character, frozenset(name for name in depth if depth[name] % 2)))
    return pairs


def _run(text: str, style: frozenset[str]) -> Run:
    return Run(text=text, italic="i" in style, bold="b" in style, superscript="sup" in style, subscript="sub" in style)
