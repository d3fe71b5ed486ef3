"""What an import does to people and lists, on every database."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from newsletter.model.subscriber import ConsentAction, ConsentSource, SubscriptionStatus, SuppressionReason
from newsletter.store.importing.lookup import Looking
from newsletter.store.people import consent
from newsletter.subscribers.importing import steps
from tests.support.readers import AGREED, NOW

if TYPE_CHECKING:
    from newsletter.model.import_report import ImportReport
    from newsletter.subscribers.importing import Progress
    from tests.support.readers import Desk

PENDING, SUBSCRIBED, UNSUBSCRIBED = SubscriptionStatus
ADA = "email,first_name\nada@example.org,Ada\n"


def leave(desk: Desk, address: str, *, everything: bool = False) -> None:
    number = desk.get(address).number
    with desk.store.write() as connection:
        if everything:
            consent.leave_everything(connection, number, ConsentSource.PAGE, None, NOW)
        else:
            consent.leave(connection, number, [desk.list_().number], ConsentSource.ONE_CLICK, None, NOW)


def test_with_consent_people_are_subscribed_and_the_words_are_kept(desk: Desk) -> None:
    report = desk.import_(ADA)
    assert (report.rows, report.added, report.subscribed, report.pending) == (1, 1, 1, 0)
    assert desk.get("ada@example.org").first_name == "Ada"
    assert desk.statuses("ada@example.org") == {"news": SUBSCRIBED}
    (event,) = desk.history("ada@example.org")
    assert (event.action, event.source, event.ground) == (ConsentAction.SUBSCRIBED, ConsentSource.IMPORT, AGREED)
    assert (event.at, event.recorded_at, event.wording) == (NOW, NOW, "")
    assert event.list == desk.list_()


@pytest.mark.parametrize("words", [None, "", "  \n"])
def test_without_consent_people_are_pending_and_have_no_history(desk: Desk, words: str | None) -> None:
    report = desk.import_(ADA, agreed=words)
    assert (report.added, report.subscribed, report.pending) == (1, 0, 1)
    assert desk.statuses("ada@example.org") == {"news": PENDING}
    assert desk.history("ada@example.org") == ()


def test_consent_that_comes_later_subscribes_the_pending(desk: Desk) -> None:
    desk.import_(ADA, agreed=None)
    report = desk.import_(ADA, now=NOW + timedelta(days=1))
    assert (report.added, report.updated, report.subscribed, report.pending) == (0, 1, 1, 0)
    assert desk.statuses("ada@example.org") == {"news": SUBSCRIBED}
    assert [event.at for event in desk.history("ada@example.org")] == [NOW + timedelta(days=1)]


def test_an_import_without_consent_takes_no_consent_away(desk: Desk) -> None:
    desk.import_(ADA)
    report = desk.import_(ADA, agreed=None)
    assert (report.unchanged, report.pending) == (1, 0)
    assert desk.statuses("ada@example.org") == {"news": SUBSCRIBED}


@pytest.mark.parametrize("agreed", [AGREED, None], ids=["agreed", "not agreed"])
def test_importing_twice_changes_nothing(desk: Desk, agreed: str | None) -> None:
    content = "email,first_name,city,age\n" + "".join(f"r{i}@example.org,R{i},Town {i},{i}.5\n" for i in range(30))
    desk.import_(content, agreed=agreed)
    before = desk.everybody(), [desk.history(p.address) for p in desk.everybody()]
    report = desk.import_(content, agreed=agreed, now=NOW + timedelta(days=1))
    assert (report.unchanged, report.added, report.updated, report.subscribed) == (30, 0, 0, 0)
    assert (desk.everybody(), [desk.history(p.address) for p in desk.everybody()]) == before


def test_who_has_left_stays_away(desk: Desk) -> None:
    desk.import_(ADA)
    leave(desk, "ada@example.org")
    report = desk.import_(ADA)
    assert (report.unchanged, report.left_earlier, report.subscribed) == (1, 1, 0)
    assert desk.statuses("ada@example.org") == {"news": UNSUBSCRIBED}
    assert [event.action for event in desk.history("ada@example.org")] == ["subscribed", "unsubscribed"]


def test_who_left_one_list_can_join_another(desk: Desk) -> None:
    desk.import_(ADA)
    leave(desk, "ada@example.org")
    report = desk.import_(ADA, to="running")
    assert (report.updated, report.left_earlier, report.subscribed) == (1, 0, 1)
    assert desk.statuses("ada@example.org") == {"news": UNSUBSCRIBED, "running": SUBSCRIBED}


def test_who_left_everything_joins_no_list_and_is_not_touched(desk: Desk) -> None:
    desk.import_(ADA)
    leave(desk, "ada@example.org", everything=True)
    report = desk.import_("email,first_name\nADA@EXAMPLE.ORG,Augusta\n", to="running")
    assert (report.suppressed, report.updated, report.unchanged, report.subscribed) == (1, 0, 0, 0)
    assert desk.statuses("ada@example.org") == {"news": UNSUBSCRIBED}
    assert desk.get("ada@example.org").first_name == "Ada"


@pytest.mark.parametrize("reason", SuppressionReason)
def test_a_suppressed_address_that_is_not_known_is_not_made_a_subscriber(desk: Desk, reason: SuppressionReason) -> None:
    desk.suppress("ada@example.org", reason)
    report = desk.import_("email\nAda@Example.org\nbob@example.org\n")
    assert (report.rows, report.suppressed, report.added) == (2, 1, 1)
    assert desk.find("ada@example.org") is None
    assert desk.find("bob@example.org") is not None


def test_what_the_file_says_is_updated_and_what_it_leaves_empty_is_kept(desk: Desk) -> None:
    desk.import_("email,first_name,last_name,language,city,age\nada@example.org,Ada,King,en,London,36\n")
    report = desk.import_("email,first_name,last_name,language,city,sport\nada@example.org,Augusta,,,,RUNNING\n")
    assert (report.updated, report.unchanged) == (1, 0)
    ada = desk.get("ada@example.org")
    assert (ada.first_name, ada.last_name, ada.language) == ("Augusta", "King", "en")
    assert ada.attributes == {"city": "London", "age": 36, "sport": "running"}


def test_mail_goes_to_the_spelling_that_came_first(desk: Desk) -> None:
    desk.import_("email\nAda.King@Example.org\n")
    assert desk.import_("email\nada.king@EXAMPLE.ORG\n").unchanged == 1
    assert [person.address for person in desk.everybody()] == ["Ada.King@Example.org"]


def test_the_second_row_of_a_person_is_a_duplicate(desk: Desk) -> None:
    report = desk.import_("email,first_name\nada@example.org,Ada\nbob@example.org,Bob\n\nADA@example.org,Other\n")
    assert (report.rows, report.added, report.duplicates) == (3, 2, 1)
    assert [(r.line, r.reason) for r in report.rejected] == [(5, "same address as line 2")]
    assert desk.get("ada@example.org").first_name == "Ada"


def test_an_address_is_one_person_however_its_domain_is_written(desk: Desk) -> None:
    report = desk.import_("email\nada@bücher.example\nada@XN--BCHER-KVA.example\n")
    assert (report.added, report.duplicates) == (1, 1)


def test_a_rejected_row_does_not_block_a_good_one_of_the_same_person(desk: Desk) -> None:
    report = desk.import_("email,age\nada@example.org,old\nada@example.org,36\n")
    assert (report.added, report.duplicates, len(report.rejected)) == (1, 0, 1)


class Killed(BaseException):
    """stands for kill -9 between two batches"""


def test_an_import_that_was_killed_is_completed_by_running_it_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steps, "BATCH", 10)
    content = "email\n" + "".join(f"r{i}@example.org\n" for i in range(35))
    begin, begun = Looking.__init__, []

    def begin_twice(self: Looking, *about: Any) -> None:
        begun.append(1)
        if len(begun) == 3:
            raise Killed
        begin(self, *about)

    with monkeypatch.context() as patched:
        patched.setattr(Looking, "__init__", begin_twice)
        with pytest.raises(Killed):
            desk.import_(content)
    carried = len(desk.everybody())
    assert 20 <= carried < 35
    report = desk.import_(content)
    assert (report.rows, report.added, report.unchanged) == (35, 35 - carried, carried)
    assert all(len(desk.history(person.address)) == 1 for person in desk.everybody())


@pytest.mark.parametrize("run", [1, 1_000])
def test_batches_make_no_difference(desk: Desk, monkeypatch: pytest.MonkeyPatch, run: int) -> None:
    told: list[Progress] = []
    monkeypatch.setattr(steps, "BATCH", 3)
    monkeypatch.setattr(steps, "RUN", run)
    report = desk.import_(
        "email\n" + "".join(f"r{i % 8}@example.org\n" for i in range(11)) + "nobody\n", progress=told.append
    )
    assert (report.rows, report.added, report.duplicates, len(report.rejected)) == (12, 8, 3, 4)
    assert told == sorted(told)
    assert told[-1] == (report.rows, 1.0)


def test_more_people_than_a_statement_has_parameters(desk: Desk) -> None:
    content = "email\n" + "".join(f"r{i}@example.org\n" for i in range(2_000))
    assert desk.import_(content, agreed=None).added == 2_000
    assert desk.import_(content).subscribed == 2_000
    assert desk.import_(content).unchanged == 2_000


def test_imports_at_the_same_time_do_not_disturb_one_another(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "BATCH", 20)
    desk.import_("email\n" + "".join(f"r{i}@example.org\n" for i in range(200)), to="running")
    with ThreadPoolExecutor(3) as pool:
        reports = list(pool.map(lambda agreed: desk.import_file(agreed=agreed), [None, AGREED, AGREED]))
    assert sum(report.subscribed for report in reports) == 200
    for person in desk.everybody():
        assert desk.statuses(person.address) == {"news": SUBSCRIBED, "running": SUBSCRIBED}
        assert len(desk.history(person.address)) == 2


def total(report: ImportReport) -> int:
    return report.added + report.updated + report.unchanged + report.suppressed + report.rejected_count


def test_every_row_is_accounted_for(desk: Desk) -> None:
    desk.suppress("gone@example.org", SuppressionReason.COMPLAINT)
    desk.import_("email,first_name\nold@example.org,Old\nsame@example.org,Same\n")
    report = desk.import_(
        "email,first_name,notes\nnew@example.org,New,x\nold@example.org,Older,x\nsame@example.org,Same,x\n"
        "gone@example.org,Gone,x\nbroken,Broken,x\nnew@example.org,Twice,x\n"
    )
    assert report.rows == total(report) == 6
    told: dict[str, Any] = report.as_json()
    (table,) = told.pop("tables")
    assert told == {
        "rows": 6,
        "added": 1,
        "updated": 1,
        "unchanged": 1,
        "suppressed": 1,
        "subscribed": 1,
        "pending": 0,
        "left_earlier": 0,
        "unsubscribed": 0,
        "newly_suppressed": 0,
        "duplicates": 1,
        "rejected_count": 2,
        "rejected": [
            {"line": 6, "reason": "`email`: this is not an email address (An email address must have an @-sign)"},
            {"line": 7, "reason": "same address as line 2"},
        ],
        "rejected_file": None,
        "ignored": ["notes"],
        "dry_run": False,
    }
    assert table["columns"] == [
        {"heading": "email", "field": "email", "how": "named"},
        {"heading": "first_name", "field": "first_name", "how": "named"},
    ]
    assert (table["encoding"], table["separator"], table["name"]) == ("UTF-8", ",", "readers.csv")
