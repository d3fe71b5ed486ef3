"""Citation styles (.csl files, https://docs.citationstyles.org): those shipped and those of the workspace's `styles/`."""

from __future__ import annotations

import io
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from newsletter.errors import ProblemsFound
from newsletter.model.problem import Place, error

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from importlib.resources.abc import Traversable
    from pathlib import Path

_NAMESPACE = "{http://purl.org/net/xbiblio/csl}"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
#: languages that citeproc knows under another name
_LOCALES = {"no": "nb"}
#: languages that our terms are written for in one form: es-MX puts an article before dates that they have already
_ONE_LOCALE = frozenset({"es"})


def known_styles(style_folders: Sequence[Path] = ()) -> tuple[str, ...]:
    """The names that `citation_style` may have, in alphabetical order."""
    return tuple(sorted(_files(style_folders)))


def _files(style_folders: Sequence[Path]) -> dict[str, Traversable]:
    """Name -> file; a folder overrides the shipped styles, an earlier folder a later one."""
    shipped = files("newsletter.templates").joinpath("styles")
    found: dict[str, Traversable] = {}
    for folder in (shipped, *reversed(style_folders)):
        if folder.is_dir():
            found |= {file.name.removesuffix(".csl"): file for file in folder.iterdir() if file.name.endswith(".csl")}
    return found


def open_style(name: str, language: str, style_folders: Sequence[Path] = (), at: Place | None = None) -> Any:  # noqa: ANN401
    """The style as a citeproc object of its own, ready to print a bibliography without its numbers.

    Raises:
        ProblemsFound: no such style (`reference-style-unknown`), or one that cannot be used (`reference-style-broken`).
    """
    found = _files(style_folders)
    if name not in found:
        raise ProblemsFound([_unknown(name, sorted(found), at or Place(file="citation_style"))])
    from citeproc import CitationStylesStyle
    from lxml.etree import LxmlError

    try:
        style = CitationStylesStyle(io.BytesIO(found[name].read_bytes()), locale=_locale(language), validate=False)
    except (LxmlError, OSError, AttributeError, ValueError) as why:
        raise broken_style(name, f"it is not a CSL file ({str(why)[:120]})", at) from None
    if style.root.tag != f"{_NAMESPACE}style" or not style.has_bibliography() or style.root.bibliography.layout is None:
        raise broken_style(name, "it has no bibliography", at)
    _prepare(style.root)
    return style


def broken_style(name: str, why: str, at: Place | None) -> ProblemsFound:
    """What is raised for a style that cannot be used."""
    fix = "Get the style again, or choose another one; a style that only points to a parent needs the parent's file."
    message = f"the citation style `{name}` cannot be used: {why}"
    return ProblemsFound([error("reference-style-broken", at or Place(file=f"{name}.csl"), message, fix)])


def _unknown(name: str, known: Sequence[str], at: Place) -> Any:  # noqa: ANN401 - a Problem
    from newsletter.validate import nearest

    guess = nearest(name, known)
    fix = f"Did you mean `{guess}`?" if guess else f"Use one of: {', '.join(known)}; or put `{name}.csl` into styles/."
    return error("reference-style-unknown", at, f"unknown citation style `{name}`", fix)


def _locale(language: str) -> str:
    """A locale that citeproc ships, en-US when it has none for this language."""
    from citeproc import LANGUAGE_NAMES, PRIMARY_DIALECTS

    base, _, region = language.replace("_", "-").partition("-")
    base = _LOCALES.get(base.lower(), base.lower())
    exact = f"{base}-{region.upper()}"
    if exact in LANGUAGE_NAMES and base not in _ONE_LOCALE:
        return exact
    return str(PRIMARY_DIALECTS.get(base, "en-US"))


def _prepare(root: Any) -> None:  # noqa: ANN401 - citeproc's element
    """Cure what citeproc does not do: no number of its own, ordinals and the delimiter of dates from the locale."""
    for element in list(root.iter(f"{_NAMESPACE}text")):
        if element.get("variable") == "citation-number":
            element.getparent().remove(element)
    # ordinals are looked for in locales of exactly one language: those within the style count as that of the issue
    shipped = next(element for element in root.locales if element.getparent() is None)
    for element in root.locales:
        if element.getparent() is not None:
            element.set(_LANG, shipped.get(_LANG))
    for element in _dates_by_form(root):
        localized = element.get_date(element.get("form"))
        if localized is not None and localized.get("delimiter"):
            element.set("delimiter", localized.get("delimiter"))


def _dates_by_form(root: Any) -> Iterator[Any]:  # noqa: ANN401 - citeproc's elements
    for element in root.iter(f"{_NAMESPACE}date"):
        if element.get("form") and not element.get("delimiter") and element.getparent().tag != f"{_NAMESPACE}locale":
            yield element
