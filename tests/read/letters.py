"""Short ways to read an issue from text and to look at what came out."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from newsletter.model.document import every_inline
from newsletter.model.problem import Place
from newsletter.model.reference import Reference
from newsletter.read import read_issue
from newsletter.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from newsletter.model.document import Block, Blocks, Inline
    from newsletter.model.issue import Issue
    from newsletter.model.problem import Problem
    from newsletter.model.reference import ReferenceSources
    from newsletter.read import ReadResult, ReferenceLoader

SETTINGS = Settings.model_validate(
    {
        "newsletter": {"name": "Larkmeadow Letters", "base_url": "https://news.example.org"},
        "sender": {
            "name": "Larkmeadow Joint Clinic",
            "address": "letters@example.org",
            "postal_address": "12 Example Street, Springfield, CA 90001",
            "phone": ["213-555-0142", "213-555-0143"],
        },
        "attributes": {"city": {"type": "text"}},
    }
)
FRONT = "---\ntitle: Knees\n---\n"
#: the line of a body's first line when it stands below FRONT
TOP = 4


def loader(*keys: str) -> ReferenceLoader:
    """Loads these keys, whatever the issue names."""

    def load(sources: ReferenceSources) -> tuple[Mapping[str, Reference], list[Problem]]:
        at = Place(file=str(sources.folder / "references.json"), line=1, column=1)
        return {key: Reference(key=key, csl={"id": key}, at=at) for key in keys}, []

    return load


def read_bytes(content: bytes, *keys: str, settings: Settings = SETTINGS) -> ReadResult:
    """Read a file with this content, called knees/issue.md."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "knees" / "issue.md"
        path.parent.mkdir()
        path.write_bytes(content)
        return read_issue(path, settings, loader(*keys))


def read(text: str, *keys: str) -> ReadResult:
    """Read a whole file."""
    return read_bytes(text.encode(), *keys)


def read_body(text: str, *keys: str) -> ReadResult:
    """Read a body below a short front matter."""
    return read(FRONT + text, *keys)


def issue_of(result: ReadResult) -> Issue:
    assert result.issue is not None
    return result.issue


def body(text: str, *keys: str) -> Blocks:
    """The blocks of a body that has no problem, uncited references aside."""
    result = read_body(text, *keys)
    assert [problem for problem in result.problems if problem.code != "reference-uncited"] == []
    return issue_of(result).body


def only(text: str, *keys: str) -> Block:
    """The one block of a body without problems."""
    (block,) = body(text, *keys)
    return block


def inlines(text: str, *keys: str) -> list[Inline]:
    """All inlines of a body, whatever its problems."""
    return list(every_inline(issue_of(read_body(text, *keys)).body))


def told(result: ReadResult) -> list[tuple[str, int, int]]:
    """(code, line, column) of each problem."""
    return [(problem.code, problem.place.line, problem.place.column) for problem in result.problems]


def told_in_body(text: str, *keys: str) -> list[tuple[str, int, int]]:
    """(code, line, column) of each problem of a body, its first line being line 1; uncited references aside."""
    found = told(read_body(text, *keys))
    return [(code, line - TOP + 1, column) for code, line, column in found if code != "reference-uncited"]


def problem(result: ReadResult, code: str) -> Problem:
    """The one problem with this code."""
    (found,) = [problem for problem in result.problems if problem.code == code]
    return found
