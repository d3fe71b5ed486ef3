from __future__ import annotations

from typing import Any

import pytest

from newsletter.model.problem import Place
from newsletter.model.reference import Reference
from newsletter.references.library.duplicates import same_sources

YEAR = {"issued": {"date-parts": [[2020]]}}
JANE, BO = {"author": [{"family": "Doe"}]}, {"author": [{"family": "Roe"}]}


def reference(number: int, csl: dict[str, Any]) -> Reference:
    return Reference(key=f"key{number}", csl=csl, at=Place(file="a.json", line=number))


def twins(*records: dict[str, Any]) -> list[str]:
    return [problem.message for problem in same_sources(reference(n, csl) for n, csl in enumerate(records, 1))]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"DOI": "10.1234/AbC"}, {"DOI": "10.1234/aBc"}),
        ({"PMID": "123"}, {"PMID": "123", "DOI": "10.1234/a"}),
        ({"PMCID": "PMC5"}, {"PMCID": "PMC5"}),
        ({"title": "The hip: a joint", **YEAR}, {"title": "The <i>Hip</i> – a joint.", **YEAR}),
        ({"title": "Hip", **YEAR, **JANE}, {"title": "Hip", **YEAR}),
        ({"title": "Hip", **YEAR, "DOI": "10.1234/a"}, {"title": "Hip", **YEAR, "PMID": "1"}),
        ({"title": "About us", "URL": "https://example.org/"}, {"title": "About us"}),
    ],
)
def test_one_source_under_two_keys(first: dict[str, Any], second: dict[str, Any]) -> None:
    (message,) = twins(first, second)
    assert message == "`key2` looks like the same source as `key1` (line 1)"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"title": "Hip", **YEAR}, {"title": "Hip", "issued": {"date-parts": [[2021]]}}),
        ({"title": "Hip", **YEAR, "DOI": "10.1234/a"}, {"title": "Hip", **YEAR, "DOI": "10.1234/b"}),
        ({"title": "Editorial", **YEAR, **JANE}, {"title": "Editorial", **YEAR, **BO}),
        ({"title": "About us", "URL": "https://example.org/"}, {"title": "About us", "URL": "https://example.com/"}),
        ({"title": "", **YEAR}, {"title": "", **YEAR}),
        ({"PMID": "1"}, {"PMCID": "1"}),
    ],
)
def test_two_sources(first: dict[str, Any], second: dict[str, Any]) -> None:
    assert twins(first, second) == []


def test_a_third_is_compared_with_all_of_its_title() -> None:
    editorials = [{"title": "Editorial", **YEAR, **JANE}, {"title": "Editorial", **YEAR, **BO}]
    assert len(twins(*editorials, editorials[1])) == 1
    assert twins(*({"title": "Editorial", **YEAR, "DOI": f"10.1234/{number}"} for number in range(2000))) == []
