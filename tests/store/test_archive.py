"""What of the sent issues may be shown to everybody, on SQLite and PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event

from newsletter.errors import CorrectionNotFound, IssueNotSent
from newsletter.model.subscriber import Archive
from newsletter.store import archive, corrections
from newsletter.store.archive import Shelf
from newsletter.store.people.offered import offered
from tests.support.archive import BEGIN, Press, a_content, at

if TYPE_CHECKING:
    from newsletter.store.archive import Archived
    from newsletter.store.database import Store

SHELF = Shelf()


@pytest.fixture
def press(store: Store) -> Press:
    made = Press(store)
    made.list_("friends")
    made.list_("runners")
    made.list_("known", Archive.UNLISTED)
    made.list_("staff", Archive.HIDDEN)
    return made


def find(press: Press, issue: str, shelf: Shelf = SHELF) -> Archived | None:
    with press.store.read() as connection:
        return shelf.find(connection, issue)


def page(press: Press, most: int = 50, before: Archived | None = None, of: str = "") -> list[str]:
    with press.store.read() as connection:
        found = SHELF.page(connection, most=most, before=before, of=press.lists.get(of))
        changed = SHELF.changed(connection, most=50, of=press.lists.get(of))
    assert before or {one.issue for one in found} <= {one.issue for one in changed}
    return [one.issue for one in found]


def test_an_issue_is_as_open_as_the_most_open_list_that_it_went_to(press: Press) -> None:
    press.send("open", "friends", "staff")
    press.send("by-address", "known", "staff")
    press.send("internal", "staff")
    press.send("planned", "friends", hours=None)
    assert [
        (one := find(press, name)) and one.archive for name in ("open", "by-address", "internal", "planned", "")
    ] == [
        Archive.PUBLIC,
        Archive.UNLISTED,
        None,
        None,
        None,
    ]
    assert page(press) == ["open"]


def test_a_rehearsal_is_never_shown_where_real_mail_is_sent(press: Press) -> None:
    press.send("rehearsed", "friends", real=False)
    press.send("sent", "friends", real=True)
    assert page(press) == ["sent"]
    assert find(press, "rehearsed") is None
    assert find(press, "rehearsed", Shelf(practice=True))


def test_the_newest_bytes_are_shown_under_the_date_of_the_first(press: Press) -> None:
    first, second = a_content("First"), a_content("Second")
    press.send("knees", "friends", hours=1, content=first)
    press.send("knees", "runners", hours=5, content=second)
    press.send("knees", "runners", hours=9, content=second)
    found = find(press, "knees")
    assert found
    assert (found.fingerprint, found.sent_at, found.updated_at) == (second.fingerprint, at(1), at(5))


def test_what_only_others_got_is_not_shown_as_public(press: Press) -> None:
    public, internal = a_content("Public"), a_content("With the rota")
    press.send("knees", "friends", hours=1, content=public)
    press.send("knees", "known", hours=5, content=internal)
    press.send("knees", "staff", hours=9, content=internal)
    found = find(press, "knees")
    assert found
    assert (found.fingerprint, found.updated_at) == (public.fingerprint, at(1))


def test_parts_follow_each_other_without_a_gap_also_where_times_are_the_same(press: Press) -> None:
    for number, hours in enumerate((1, 2, 2, 2, 3)):
        press.send(f"issue-{number}", "runners" if number == 2 else "friends", hours=hours)
    every = page(press)
    assert (len(every), every[0], every[-1]) == (5, "issue-4", "issue-0")
    seen: list[str] = []
    while part := page(press, most=2, before=find(press, seen[-1]) if seen else None):
        seen += part
    assert seen == every
    assert page(press, of="runners") == ["issue-2"]


def test_an_issue_has_changed_when_a_correction_came_or_went(press: Press) -> None:
    press.send("knees", "friends", hours=1)
    press.send("hips", "friends", hours=2)
    with press.store.write() as connection:
        made = corrections.add(connection, "knees", "120, not 210.", at(3))
        assert [one.issue for one in SHELF.changed(connection, most=9)] == ["knees", "hips"]
        assert (one := SHELF.find(connection, "knees"))
        assert (one.sent_at, one.updated_at) == (at(1), at(3))
        assert corrections.withdraw(connection, made.number, at(4))[1]
        assert not corrections.withdraw(connection, made.number, at(5))[1]
        assert (one := SHELF.find(connection, "knees"))
        assert one.updated_at == at(4)
        assert corrections.shown(connection, ["knees"]) == {}
        assert [one.withdrawn_at for one in corrections.every(connection, "knees")] == [at(4)]


def test_only_what_was_sent_is_corrected(press: Press) -> None:
    press.send("knees", "staff")
    press.send("planned", "friends", hours=None)
    with press.store.write() as connection:
        assert corrections.add(connection, "knees", "x", BEGIN).issue == "knees"
        with pytest.raises(IssueNotSent) as none:
            corrections.add(connection, "planned", "x", BEGIN)
        assert none.value.nearest is None
        with pytest.raises(IssueNotSent) as near:
            corrections.add(connection, "kness", "x", BEGIN)
        assert near.value.nearest == "knees"
        with pytest.raises(CorrectionNotFound):
            corrections.withdraw(connection, 99, BEGIN)


def test_corrections_above_a_mailing_are_those_of_its_issue_the_newest_first(press: Press) -> None:
    number, other = press.send("knees", "friends"), press.send("hips", "friends")
    with press.store.write() as connection:
        corrections.add(connection, "knees", "One\n\nTwo\nlines", at(1))
        corrections.add(connection, "knees", "Later", at(2))
        found = corrections.shown_above_mailing(connection, number)
        assert [one.paragraphs for one in found] == [["Later"], ["One", "Two\nlines"]]
        assert corrections.shown_above_mailing(connection, other) == []
        assert corrections.shown_above_mailing(connection, 0) == []


def test_a_part_takes_as_many_queries_as_one_issue(press: Press) -> None:
    for number in range(12):
        press.send(f"issue-{number}", "friends", hours=number)
    with press.store.read() as connection:
        asked: list[str] = []
        event.listen(connection, "before_cursor_execute", lambda *about: asked.append(about[2]))
        found = SHELF.page(connection, most=12)
        assert len(archive.contents(connection, found)) == 12
    assert len(asked) == 2


def test_there_is_an_archive_as_soon_as_a_list_is_public(store: Store) -> None:
    press = Press(store)
    press.list_("staff", Archive.HIDDEN)
    with store.read() as connection:
        assert (archive.public_lists(connection), archive.opened_at(connection)) == ((), None)
        assert not offered(connection)
    press.list_("friends", public=True)
    with store.read() as connection:
        assert [entry.name for entry in archive.public_lists(connection)] == ["friends"]
        assert archive.opened_at(connection) == BEGIN
        assert offered(connection)
