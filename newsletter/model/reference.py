"""A source that an issue cites, and the same source formatted for readers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from newsletter.model.problem import Place


@dataclass(frozen=True, kw_only=True)
class Reference:
    """One bibliographic record. `csl` is CSL-JSON (https://docs.citationstyles.org), its text not escaped."""

    key: str
    csl: Mapping[str, Any]
    at: Place


@dataclass(frozen=True, kw_only=True)
class Run:
    """A piece of a formatted reference; the text is plain and still to be escaped."""

    text: str
    italic: bool = False
    bold: bool = False
    superscript: bool = False
    subscript: bool = False


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A line of the reference list. `runs` are without number and without URL; `url` is the DOI's, PubMed's or the page's."""

    key: str
    number: int
    runs: tuple[Run, ...]
    url: str | None
    #: family name(s) as they stand in a sentence: "Le Duff and Amstutz", "Fouilleron et al"
    authors: str

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, kw_only=True)
class ReferenceSources:
    """Where an issue's references come from: files beside it, and CSL entries within its front matter."""

    folder: Path
    #: (file name as written, where it is written)
    files: tuple[tuple[str, Place], ...] = ()
    #: (CSL-JSON entry, where it is written)
    inline: tuple[tuple[Mapping[str, Any], Place], ...] = ()
