from __future__ import annotations

from typing import Any

import pytest

from newsletter.model.problem import Place
from newsletter.references.library.intake import Intake, cite_as
from newsletter.references.library.keys import Keys, memorable, stem_of, with_keys
from newsletter.references.record import Record

AT = Place(file="a.json", line=1)


def work(*families: str, year: int | None = 2014, **fields: Any) -> dict[str, Any]:
    issued = {"issued": {"date-parts": [[year]]}} if year else {}
    return {"author": [{"family": family, "given": "A."} for family in families], **issued, **fields}


@pytest.mark.parametrize(
    ("csl", "stem"),
    [
        (work("Smith", "Doe"), "smith2014"),
        (work("Le Duff"), "leduff2014"),
        (work("Müller-Sørensen"), "mullersorensen2014"),
        (work("O’Neill", year=None), "oneill"),
        (work("山田"), "山田2014"),
        ({"author": [{"literal": "World Health Organization"}], **work(year=2020)} | {"author": []}, "source2020"),
        ({"author": [{"literal": "World Health Organization"}], "issued": {"date-parts": [[2020]]}}, "who2020"),
        ({"author": [{"literal": "The Group"}]}, "group"),
        ({"editor": [{"family": "Roe"}], "title": "A book"}, "roe"),
        ({"title": "The <i>Hip</i> and the knee"}, "hip"),
        ({"title": "...", "author": [{"family": "!"}]}, "source"),
        ({}, "source"),
        (work("X" * 500), "x" * 30 + "2014"),
    ],
)
def test_a_key_is_family_and_year(csl: dict[str, Any], stem: str) -> None:
    assert stem_of(csl) == stem


def test_a_key_that_is_taken_gets_a_letter() -> None:
    keys = Keys(["Smith2014"])
    assert [keys.take(work("Smith")) for _ in range(28)][:2] == ["smith2014a", "smith2014b"]
    assert keys.take(work("Smith")) == "smith2014ac"
    assert keys.take(work("Smith"), "mine") == "mine"
    assert keys.take(work("Smith"), "Mine") == "Minea"
    assert keys.take(work("Doe"), "http://example.org/123") == "doe2014"


@pytest.mark.parametrize("key", ["smith2014", "DBLP:conf.x", "müller_20", "leduff-2012", "who"])
def test_keys_that_people_can_type(key: str) -> None:
    assert memorable(key)


@pytest.mark.parametrize(
    "key",
    ["", "7", "12345678", "ABCD12EF", "pubmed:123", "10.1234/x", "a b", "http://example.org", "x" * 41, "a\u202eb"],
)
def test_keys_of_programs(key: str) -> None:
    assert not memorable(key)


def test_records_without_a_key_get_one_that_no_other_has() -> None:
    records = [Record(csl=csl, at=AT) for csl in (work("Smith"), work("Smith", id="smith2014"), work("Doe", year=None))]
    assert [one.csl["id"] for one in with_keys(records)] == ["smith2014a", "smith2014", "doe"]
    assert [one.csl["id"] for one in with_keys([Record(csl={"issued": "nonsense", "author": 7}, at=AT)])] == ["source"]


def taken(intake: Intake, **csl: Any) -> tuple[str, bool] | None:
    one, _ = intake.take(Record(csl={"type": "book", **csl}, at=AT))
    return (one.reference.key, one.new) if one else None


def test_records_on_their_way_in_are_new_or_there() -> None:
    intake = Intake({})
    assert taken(intake, id="a", title="Hips", **work("Doe")) == ("a", True)
    assert taken(intake, id="b", title="Hips", **work("Doe")) == ("a", False)
    assert taken(intake, id="a", title="Knees", **work("Roe")) == ("aa", True)
    assert taken(intake, title="Feet", **work("Roe")) == ("roe2014", True)
    assert taken(intake, id="nothing") is None
    assert [one.key for one in intake.new] == ["a", "aa", "roe2014"]


def test_a_file_imported_again_adds_nothing_even_without_numbers_and_years() -> None:
    first = Intake({})
    taken(first, id="a", title="Hips: a book", author=[])
    library = {one.key: one for one in first.new}
    assert taken(Intake(library), id="a", title="Hips", author=[{"family": "Doe"}]) == ("a", False)
    assert taken(Intake(library), id="a", title="Knees") == ("aa", True)


def test_problems_name_the_key_that_an_entry_got() -> None:
    _, problems = Intake({}).take(Record(csl={"type": "book", "title": "T", "id": "1"}, at=AT))
    assert {problem.code for problem in problems} == {"reference-no-year", "reference-no-author"}
    assert all("`t`" in problem.message for problem in problems)


def test_what_an_author_writes() -> None:
    assert [cite_as(key) for key in ("a2014", "a:b", "a b")] == ["[@a2014]", "[@a:b]", "[@{a b}]"]
