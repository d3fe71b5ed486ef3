from __future__ import annotations

import pytest

from newsletter.references.library.asked import identifier_of


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("10.1177/0363546511434564", "DOI 10.1177/0363546511434564"),
        (" doi:10.1177/0363546511434564. ", "DOI 10.1177/0363546511434564"),
        ("https://doi.org/10.1302/0301-620X.101B11%2Fx", "DOI 10.1302/0301-620X.101B11/x"),
        ("https://journals.example.com/doi/full/10.1177/0363546511434564?x=1", "DOI 10.1177/0363546511434564"),
        ("https://onlinelibrary.example.com/doi/10.1002/jor.24832/full", "DOI 10.1002/jor.24832"),
        ("31674240", "PMID 31674240"),
        ("PMID: 31674240", "PMID 31674240"),
        ("PMID 0031674", "PMID 31674"),
        ("https://pubmed.ncbi.nlm.nih.gov/31674240/", "PMID 31674240"),
        ("https://pubmed.ncbi.nlm.nih.gov/31674240/?term=hip", "PMID 31674240"),
        ("https://www.ncbi.nlm.nih.gov/pubmed/31674240", "PMID 31674240"),
        ("PMC6824412", "PMC6824412"),
        ("pmcid: pmc6824412", "PMC6824412"),
        ("https://pmc.ncbi.nlm.nih.gov/articles/PMC6824412/", "PMC6824412"),
        ("https://www.ncbi.nlm.nih.gov/pmc/articles/PMC6824412/pdf/x.pdf", "PMC6824412"),
    ],
)
def test_what_people_paste(text: str, number: str) -> None:
    assert str(identifier_of(text)) == number


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "10.1177",
        "0",
        "-1",
        "1" * 12,
        "https://example.org/",
        "http://[",
        "ftp://x/10.1/x",
        "x" * 99999,
        "10.1234/\x1b[31m",
    ],
)
def test_what_is_no_number(text: str) -> None:
    assert identifier_of(text) is None
