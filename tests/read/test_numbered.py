"""Keys that are numbers of sources: what is meant is found, or how to add it is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from newsletter.model.problem import Place
from newsletter.model.reference import Reference
from newsletter.read import read_issue
from tests.read.letters import SETTINGS

if TYPE_CHECKING:
    from pathlib import Path

KNOWN = Reference(
    key="bell2022",
    csl={"DOI": "10.1234/Bell.1", "PMID": "30000001", "PMCID": "PMC1234567"},
    at=Place(file="a.json"),
)


def fix_of(folder: Path, written: str) -> tuple[str, str]:
    (folder / "issue.md").write_text(f"---\ntitle: Walking\n---\n\nWalk [@{written}].\n", "utf-8")
    result = read_issue(folder / "issue.md", SETTINGS, lambda _: ({"bell2022": KNOWN}, []))
    (problem,) = (one for one in result.problems if one.code == "citation-unknown")
    return problem.message, problem.fix


@pytest.mark.parametrize(
    "written",
    [
        "10.1234/bell.1",
        "doi:10.1234/bell.1",
        "https://doi.org/10.1234/bell.1",
        "https://doi.org/10.1234/bell.1, p. 3",
        "{https://doi.org/10.1234/bell.1}",
        "30000001",
        "PMID:30000001",
        "https://pubmed.ncbi.nlm.nih.gov/30000001/",
        "PMC1234567",
        "https://pmc.ncbi.nlm.nih.gov/articles/PMC1234567/",
        "bel2022",
    ],
)
def test_the_key_of_a_known_source_is_offered(tmp_path: Path, written: str) -> None:
    assert fix_of(tmp_path, written)[1].startswith("Did you mean `@bell2022`?")


@pytest.mark.parametrize(
    ("written", "fix"),
    [
        ("10.1234/other", "Add it (newsletter references add 10.1234/other)"),
        ("https://doi.org/10.1234/other", "Add it (newsletter references add 10.1234/other)"),
        ("PMID:7", "Add it (newsletter references add 7)"),
        ("quite-another-name", "Add it to the references: newsletter references add DOI."),
        ("https://example.org/page", "Add it to the references: newsletter references add DOI."),
    ],
)
def test_how_to_add_an_unknown_source_is_told(tmp_path: Path, written: str, fix: str) -> None:
    message, told = fix_of(tmp_path, written)
    assert message == f"there is no reference `{written}`"
    assert told.startswith(fix)
