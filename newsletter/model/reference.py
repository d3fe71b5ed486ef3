"""A source that an issue cites, and the same source formatted for readers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from newsletter.model.problem import Place, Problem


@dataclass(frozen=True, kw_only=True)
class Reference:
    """One bibliographic record. `csl` is CSL-JSON (https://docs.citationstyles.org), its text not escaped."""

    key: str
    csl: Mapping[str, Any]
    at: Place
    #: one of the workspace's library, which all issues share
    shared: bool = False
    #: where each field was written, also one that could not be used and is left out of `csl`
    places: Mapping[str, Place] = field(default_factory=dict, compare=False, repr=False)
    #: what to tell an issue that cites it, and no other
    problems: tuple[Problem, ...] = field(default=(), compare=False, repr=False)

    def place(self, name: str) -> Place:
        """Where a field stands, or the entry when that is not known."""
        return self.places.get(name, self.at)


class References(Mapping[str, Reference]):
    """What an issue can cite, by key: first its own references, then those of the library."""

    def __init__(self, own: Mapping[str, Reference], library: Mapping[str, Reference]) -> None:
        self.own = own
        self.library = library

    def __getitem__(self, key: str) -> Reference:
        return self.own[key] if key in self.own else self.library[key]

    def __contains__(self, key: object) -> bool:
        return key in self.own or key in self.library

    def __iter__(self) -> Iterator[str]:
        yield from self.own
        yield from (key for key in self.library if key not in self.own)

    def __len__(self) -> int:
        return sum(1 for _ in self)


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
    """Where an issue's references come from: files beside it, CSL entries within its front matter, the library."""

    folder: Path
    #: (file name as written, where it is written)
    files: tuple[tuple[str, Place], ...] = ()
    #: (CSL-JSON entry, where it is written)
    inline: tuple[tuple[Mapping[str, Any], Place], ...] = ()
    #: the folder of the library that all issues share, and the workspace that it must lie in
    library: Path | None = None
    workspace: Path | None = None
