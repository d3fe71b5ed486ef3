"""Forty varied sources in both shipped styles, read line by line against the manuals: AMA 11, chapter 3; Citing Medicine, 2nd edition.

`data/golden-ama.txt` and `data/golden-nlm.txt` hold key and line; `*` stands around what is italic. Another engine's
lines for the same files: oracle.py.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest

from newsletter.model.reference import Reference
from newsletter.references import format_entries
from tests.references.records import DATA, WRITTEN


@cache
def items() -> dict[str, Any]:
    return {csl["id"]: csl for csl in json.loads((DATA / "golden-items.json").read_text(encoding="utf-8"))}


@cache
def golden(style: str) -> dict[str, str]:
    lines = (DATA / f"golden-{style}.txt").read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t", 1) for line in lines)


def line(csl: dict[str, Any], style: str, language: str = "en") -> str:
    (entry,) = format_entries([Reference(key="x", csl=csl, at=WRITTEN)], style, language)
    return "".join(f"*{run.text}*" if run.italic else run.text for run in entry.runs)


@pytest.mark.parametrize("key", items())
@pytest.mark.parametrize("style", ["ama", "nlm"])
def test_a_source_prints_by_the_manual(style: str, key: str) -> None:
    assert line(items()[key], style) == golden(style)[key]


def test_every_kind_of_source_is_among_them() -> None:
    assert len(items()) == 40
    assert golden("ama").keys() == golden("nlm").keys() == items().keys()
    assert {csl["type"] for csl in items().values()} == {
        *("article", "article-journal", "article-newspaper", "book", "chapter", "paper-conference", "report"),
        *("thesis", "webpage"),
    }


def test_vancouver_is_another_name_of_nlm() -> None:
    assert line(items()["chapter"], "vancouver") == golden("nlm")["chapter"]


#: in German and in Spanish issues
ELSEWHERE = [
    ("ama", "de", "seven-authors", "Aldous B, Brightman CD, Castellan D, et al. Ten-year"),
    ("ama", "de", "ahead-of-print", "Online veröffentlicht: 3. August 2026."),
    (
        "ama",
        "de",
        "edited-book",
        "Delacroix M, Beaumont G, Hrsg. *Textbook of joint-preserving surgery*. Bd 2. 3. Aufl.",
    ),
    ("ama", "de", "newspaper", "3. Oktober 2025:A4. Abgerufen am 1. November 2026."),
    ("ama", "de", "retracted", "700-704. Zurückgezogen in: Cell Claims."),
    ("nlm", "de", "seven-authors", "Fenwick G, et al. Ten-year"),
    ("nlm", "de", "web-group", "Joint Health Online; 2024 Jun 26 [zitiert am 2. November 2026]."),
    ("nlm", "de", "no-date-article", "Ward Notes. [Datum unbekannt];3:4-6."),
    (
        "nlm",
        "de",
        "chapter",
        "In: Delacroix M, Beaumont G, Hrsg. Textbook of joint-preserving surgery. 3. Aufl. Boston",
    ),
    ("nlm", "de", "report", "2023 Nov. Bericht Nr.: NIO-23-07."),
    ("ama", "es", "translated-title", "[Walking aids after hip replacement]. Artículo en alemán. *Z Gelenke*."),
    ("ama", "es", "web-group", "26 de junio de 2024. Consultado el 2 de noviembre de 2026."),
    ("ama", "es", "report", "2023. Informe NIO-23-07."),
    ("nlm", "es", "month-range", "2017 ene-feb;41(1-2):15-22."),
    ("nlm", "es", "translated-title", "54-60. Alemán."),
    ("nlm", "es", "web-no-author-no-date", "[fecha desconocida] [citado el 2 de noviembre de 2026]."),
    ("nlm", "es", "chapter", "En: Delacroix M, Beaumont G, editores."),
]


@pytest.mark.parametrize(("style", "language", "key", "part"), ELSEWHERE)
def test_words_and_months_are_of_the_issues_language(style: str, language: str, key: str, part: str) -> None:
    assert part in line(items()[key], style, language)


ARTICLE: dict[str, Any] = {
    "type": "article-journal",
    "author": [{"family": "Doe", "given": "J"}],
    "title": "T",
    "container-title": "J",
    "issued": {"date-parts": [[2012, 4]]},
    "volume": "40",
    "page": "S12-5",
}


@pytest.mark.parametrize(
    ("fields", "ama", "nlm"),
    [
        ({"volume": "40 Suppl 1"}, "40(suppl 1)", "40 Suppl 1"),
        ({"volume": "40 Suppl"}, "40(suppl)", "40 Suppl"),
        ({"issue": "Suppl_1"}, "40(suppl 1)", "40 Suppl 1"),
        ({"issue": "3_suppl"}, "40(3)(suppl)", "40(3 Suppl)"),
        ({"issue": "12 Supplement 7"}, "40(12)(suppl 7)", "40(12 Suppl 7)"),
        ({"issue": "3", "supplement-number": "2"}, "40(3)(suppl 2)", "40(3 Suppl 2)"),
        ({"issue": "S1"}, "40(S1)", "40(S1)"),
    ],
)
def test_supplements_stand_where_the_manuals_want_them(fields: dict[str, str], ama: str, nlm: str) -> None:
    assert line({**ARTICLE, **fields}, "ama") == f"Doe J. T. *J*. 2012;{ama}:S12-S15."
    assert line({**ARTICLE, **fields}, "nlm") == f"Doe J. T. J. 2012 Apr;{nlm}:S12-5."


@pytest.mark.parametrize(
    ("parts", "printed"),
    [
        ([[2012, 1], [2012, 3]], "2012 Jan-Mar"),
        ([[2012, 12], [2013, 1]], "2012 Dec-2013 Jan"),
        ([[2012, 6, 5], [2012, 6, 8]], "2012 Jun 5-8"),
        ([[2012, 7, 30], [2012, 8, 2]], "2012 Jul 30-Aug 2"),
        ([[2012], [2013]], "2012-2013"),
        ([[2012, 9], [2012, 9]], "2012 Sep"),
    ],
)
def test_a_range_of_dates_keeps_its_year_and_names_it_once(parts: list[list[int]], printed: str) -> None:
    assert line({**ARTICLE, "issued": {"date-parts": parts}}, "nlm") == f"Doe J. T. J. {printed};40:S12-5."


@pytest.mark.parametrize(
    ("custom", "printed"),
    [
        ({"notices": [{"kind": "retraction", "text": "J. 2013;41:9. PMID: 55500001"}]}, " Retracted in: J. 2013;41:9."),
        ({"notices": [{"kind": "concern", "text": "J. 2013;41:9."}]}, " Expression of concern in: J. 2013;41:9."),
        ({"publication-types": ["Retracted Publication"]}, " Retracted."),
        ({"notices": [{"kind": "retraction"}]}, " Retracted."),
        ({"notices": [{"kind": "correction", "text": "J. 2013;41:9."}]}, ""),
        ({"notices": [{"kind": "retraction", "text": "<script>"}]}, " Retracted in: <script>."),
        ({"notices": [5, {"kind": []}, None], "publication-types": "x"}, ""),
        ([], ""),
    ],
)
def test_a_retraction_is_told_in_the_line(custom: Any, printed: str) -> None:
    assert line({**ARTICLE, "custom": custom}, "ama") == f"Doe J. T. *J*. 2012;40:S12-S15.{printed}"


@pytest.mark.parametrize(
    ("fields", "ama", "nlm"),
    [
        ({}, "2012;40:S12-S15.", "2012 Apr;40:S12-5. Epub 2012 Mar 2."),
        (
            {"volume": "", "page": ""},
            "Published online March 2, 2012. doi:10.5555/1",
            "2012 Mar 2. Epub ahead of print.",
        ),
    ],
)
def test_what_came_out_online_first_says_so(fields: dict[str, str], ama: str, nlm: str) -> None:
    csl = {**ARTICLE, "DOI": "10.5555/1", "available-date": {"date-parts": [[2012, 3, 2]]}, **fields}
    assert ama in line(csl, "ama")
    assert nlm in line(csl, "nlm")


def test_a_day_of_print_that_is_the_day_online_is_not_said_twice() -> None:
    csl = {**ARTICLE, "available-date": {"date-parts": [[2012, 4, 20]]}}
    assert "Epub" not in line(csl, "nlm")


def test_german_titles_in_english_issues_get_no_english_capitals() -> None:
    book = {"type": "book", "title": "Die neue Hüfte", "language": "de", "issued": {"date-parts": [[2012]]}}
    assert line(book, "ama") == "*Die neue Hüfte*. 2012."
    assert line({**book, "language": "en", "title": "a hip on its own"}, "ama") == "*A Hip on Its Own*. 2012."
