"""What is told of the pages that a mail links to, from what they answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.check.links import reachable
from newsletter.check.rulebook import Online
from newsletter.check.rules import run
from newsletter.model.visit import Visit, VisitOutcome
from tests.check.test_check_links import FIRST, mail_of

if TYPE_CHECKING:
    from pathlib import Path

BODY = """\
[One](https://gone.test/a#part), [two](https://gone.test/a), [three](https://moved.test/), [four](http://slow.test/?a),
[five](https://down.test/), [six](https://no.test/), [seven](https://fine.test/), [eight](#top), [nine](mailto:a@example.org),
[ten](https://letters.test/{{ first_name | default("x") }}), [eleven](http://localhost/), [twelve](https://link/).
"""
VISITS = {
    "https://gone.test/a": Visit(outcome=VisitOutcome.GONE, status=404),
    "https://moved.test/": Visit(outcome=VisitOutcome.MOVED, status=200, where="https://new.test/"),
    "http://slow.test/?a": Visit(outcome=VisitOutcome.TIMEOUT),
    "https://down.test/": Visit(outcome=VisitOutcome.FAILED, detail="there is no host down.test"),
    "https://no.test/": Visit(outcome=VisitOutcome.REFUSED, status=403),
    "https://fine.test/": Visit(outcome=VisitOutcome.OK, status=200),
}


def test_each_public_address_is_looked_at_once(tmp_path: Path) -> None:
    mail, _ = mail_of(tmp_path, BODY)
    wanted = reachable.addresses([mail, mail])
    assert [url for url in wanted if ".test" in url] == list(VISITS)
    assert {url for url in wanted if ".test" not in url} <= {"https://example.org"}  # the website of the settings


def test_what_an_address_answered_is_told_once_at_its_first_place(tmp_path: Path) -> None:
    mail, _ = mail_of(tmp_path, BODY)
    found = run(reachable.RULES, mail.issue.place("title"), Online(mails=(mail, mail), visits=VISITS))
    assert [(p.code, p.level.value, p.place.line, p.place.column) for p in found] == [
        ("link-gone", "warning", FIRST, 1),
        ("link-unreachable", "warning", FIRST, 92),
        ("link-unreachable", "warning", FIRST + 1, 1),
        ("link-moved", "information", FIRST, 62),
        ("link-not-checked", "information", FIRST + 1, 29),
    ]
    assert "https://new.test/" in found[3].message
    assert "there is no host down.test" in found[2].message
