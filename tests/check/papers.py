"""Invented papers, and what some rules find in a text that cites them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from newsletter.check import check_issue
from newsletter.check.knowledge import Knowledge
from newsletter.model.document import cited_keys
from newsletter.model.problem import Level, Place
from newsletter.model.reference import Reference
from newsletter.read import read_issue
from newsletter.references.journals.table import Journals
from tests.check.typed import SETTINGS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from newsletter.check.rulebook import Rule
    from newsletter.model.problem import Problem

TODAY = date(2026, 12, 1)


def paper(key: str, names: str, journal: str, *issued: int, **more: Any) -> Reference:
    csl: dict[str, Any] = {
        "id": key,
        "type": "article-journal",
        "title": "Stairs and strength after a knee operation",
        "author": [{"family": name} for name in names.split(", ")],
        "container-title": journal,
        "issued": {"date-parts": [list(issued)]},
        **more,
    }
    return Reference(
        key=key, csl={name: value for name, value in csl.items() if value is not None}, at=Place(file="refs")
    )


PAPERS = {
    one.key: one
    for one in (
        paper("hale2012", "Hale, Brandt, Okafor", "The American Journal of Sports Medicine", 2012, 4),
        paper("moreau2019", "Moreau, Sørensen", "The Bone & Joint Journal", 2019, 11),
        paper("berg2014", "van der Berg, Le Goff", "Knee Surg Sports Traumatol Arthrosc", 2014),
        paper(
            "ito2024",
            "Ito, García-López, Müller",
            "Osteoarthritis and Cartilage",
            *(2024, 3, 5),
            **{"available-date": {"date-parts": [[2023, 12, 20]]}},
        ),
        paper("keller2020", "Keller, Dunn", "HSS Journal", 2020, 12, DOI="10.1007/s99999-019-00001-4"),
        paper("old2005", "Nakata, Reyes", "The Journal of Bone and Joint Surgery. British volume", 2005, 1),
        paper("us2006", "Quist, Abbot", "The Journal of Bone and Joint Surgery", 2006, 6),
        paper("made2022", "Zeller, Ono", "J Made Up Papers", 2022, 7),
        paper(
            "office2021", "World Health Office", "", 2021, author=[{"literal": "World Health Office"}], type="report"
        ),
        paper(
            "review2021",
            "Ono",
            "Br J Sports Med",
            2021,
            title="Stairs after knee surgery: a Cochrane systematic review",
        ),
        paper("press", "Adler", "Injury", issued={"literal": "in press"}),
        paper("page", "Adler", "", author=None, issued=None, type="webpage"),
    )
}


def problems(folder: Path, body: str, rules: Sequence[Rule[Any]]) -> list[Problem]:
    """What the rules find in a body, or in a whole file that begins with front matter."""
    path = folder / "issue.md"
    path.write_text(body, encoding="utf-8")
    reading = read_issue(path, SETTINGS, lambda _: (PAPERS, []))
    assert reading.issue is not None
    cited = [PAPERS[key] for key in cited_keys(reading.issue.body) if key in PAPERS]
    knowledge = Knowledge(today=TODAY, library=PAPERS, journals=Journals())
    return check_issue(reading.issue, cited, SETTINGS, reading.source, rules, knowledge)


def told(folder: Path, body: str, rules: Sequence[Rule[Any]]) -> list[str]:
    """The codes; those that are only information begin with a small i."""
    return [("i:" if one.level is Level.INFORMATION else "") + one.code for one in problems(folder, body, rules)]
