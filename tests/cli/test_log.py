"""`newsletter log`: what every command leaves in it, what is shown, and how damage is found."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import pytest
from sqlalchemy import NullPool, create_engine, select, text, update

from newsletter import wiring
from newsletter.cli.main import cli
from newsletter.cli.words import as_json, exit_code, explain
from newsletter.errors import ConsentRefused, LogDamaged
from newsletter.model.audit import Action
from newsletter.model.letter import Answer, Verdict
from newsletter.model.mirror import HeldBack
from newsletter.model.notice_mail import NoticeKind
from newsletter.model.subscriber import SuppressionReason
from newsletter.pipeline.auditing import note_head
from newsletter.settings import load
from newsletter.store import audit, notices, upgrade
from newsletter.store import tables as t
from tests.support.mailing import DOUBT
from tests.support.workspace import ISSUE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsletter.settings import Workspace
    from newsletter.store.database import Store
    from tests.support.operator import Operator

REFUSED = Answer(verdict=Verdict.REFUSED, detail="550 <ada.quine@example.org> is unknown")
NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
ADA, NAMES = "ada.quine@example.org", ("Ada", "Quine", "Zeruya")

#: what these commands do is logged; a story below goes through them
LOGGED = {
    "api-keys add", "api-keys revoke", "corrections add", "corrections withdraw", "db backup", "db restore",
    "db upgrade", "lists add", "lists archive", "lists edit", "mailings cancel", "mailings export", "mailings pause",
    "mailings resolve", "mailings resume", "mailings retry", "notices retry", "proof", "send", "subscribers add",
    "subscribers edit", "subscribers erase", "subscribers export", "subscribers import", "subscribers prune",
    "subscribers tag", "subscribers tracking", "subscribers unsubscribe", "suppressions add", "suppressions export",
    "suppressions import", "suppressions remove", "suppressions sync",
}  # fmt: skip
#: they only look; or change files, which git remembers; or carry out what readers and providers said
NOT_LOGGED = {
    "api-keys list", "audience list", "audience show", "check", "clients renew", "clients show", "corrections list",
    "db check", "diff", "events faults", "events handle", "events list", "form", "init", "lists list", "lists show",
    "log", "log verify", "mailbox read", "mailbox take", "mailings list", "mailings show", "mailings watch", "new",
    "notices check", "notices list", "notices send", "preview", "render", "schema", "screenshot", "serve",
    "subscribers find", "subscribers list", "subscribers show", "subscribers tags", "suppressions list",
    "suppressions show", "templates copy", "templates list",
}  # fmt: skip
#: all commands of these groups keep files of the workspace
OF_FILES = {"claims", "references"}
#: tests of their own hold these to the log
BESIDE = {
    "approvals", "approve", "calendar", "cron", "doctor", "evidence", "people", "report", "run-due", "schedule",
    "unschedule",
}  # fmt: skip


def commands(command: click.Command, path: str = "") -> Iterator[str]:
    if not isinstance(command, click.Group):
        yield path
        return
    if command.invoke_without_command:
        yield path
    context = click.Context(command)
    for name in command.list_commands(context):
        if path or name not in OF_FILES | BESIDE:
            found = command.get_command(context, name)
            assert found
            yield from commands(found, f"{path} {name}".strip())


def test_of_every_command_somebody_has_thought_whether_it_is_logged() -> None:
    assert {*commands(cli)} == LOGGED | NOT_LOGGED


def test_the_docs_tell_every_action() -> None:
    told = (Path(__file__).parents[2] / "docs" / "audit.md").read_text(encoding="utf-8")
    assert [one.value for one in Action if f"`{one.value}`" not in told] == []


class Provider:
    """Holds one address back."""

    esp, name = "sendgrid", "SendGrid"

    def pull(self) -> Iterator[Sequence[HeldBack]]:
        yield [HeldBack(address="gone@example.org", reason=SuppressionReason.HARD_BOUNCE)]

    def push(self, addresses: Sequence[str]) -> Sequence[str]:
        del addresses
        return ()

    def take_back(self, address: str) -> None: ...

    def forget(self, address: str) -> bool:
        return bool(address)


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[Store]:
    """What commands have opened: a process that ends lets go of its database, and a restore wants it for itself."""
    stores: list[Store] = []
    opening = wiring.open_store

    def open_store(place: Workspace) -> Store:
        stores.append(opening(place))
        return stores[-1]

    monkeypatch.setattr(wiring, "open_store", open_store)
    return stores


@pytest.fixture
def office(operator: Operator, monkeypatch: pytest.MonkeyPatch) -> Operator:
    monkeypatch.setenv("NEWSLETTER_CHECKS_SPAM_FILTER", "false")
    monkeypatch.setenv("NEWSLETTER_ACTOR", "ana")
    monkeypatch.setattr(wiring, "open_mirror", lambda _place: Provider())
    issue = operator.folder / "issues" / "walking" / "issue.md"
    issue.parent.mkdir(parents=True)
    issue.write_text(ISSUE, encoding="utf-8")
    (operator.folder / "never.txt").write_text("email\nnever@example.org\n", encoding="utf-8")
    (operator.folder / "readers.csv").write_text(
        f"email,first_name,last_name\n{ADA},Zeruya,Quine\nbob@example.org,Bob,\n", encoding="utf-8"
    )
    return operator


def test_every_command_that_changes_something_leaves_an_entry_without_anybody_in_it(
    office: Operator, opened: list[Store]
) -> None:
    story = Story(office, opened)
    for words, action in story.steps():
        story.tell(words, action)
    assert story.told == LOGGED - {"db upgrade"}
    found = entries(office)
    assert {one.actor for one in found} == {"ana", "newsletter"}  # and the engine of the tests
    written = json.dumps([[one.actor, one.subject, one.facts] for one in found], ensure_ascii=False)
    assert "@" not in written
    assert not [name for name in (*NAMES, "example.org") if name in written]
    assert "is whole" in office.reads("log", "verify")


class Story:
    """One after the other, each command with the action that it leaves."""

    def __init__(self, office: Operator, opened: Sequence[Store]) -> None:
        self.office, self.told, self._opened = office, set[str](), opened

    def steps(self) -> Iterator[tuple[Sequence[str], Action]]:
        folder = self.office.folder
        yield ("lists", "add", "friends"), Action.LIST_ADDED
        yield ("lists", "edit", "friends", "--title", "Our friends"), Action.LIST_CHANGED
        reads = ("--list", "friends", "--consent", "Signed the form")
        yield ("subscribers", "import", str(folder / "readers.csv"), *reads), Action.SUBSCRIBERS_IMPORTED
        asked = ("--consent", f"{ADA} rang us", "--first-name", "Ada", "--tag", "vip")
        yield ("subscribers", "add", "cy@example.org", "--list", "friends", *asked), Action.SUBSCRIBER_CHANGED
        yield ("subscribers", "edit", ADA, "--last-name", "Quine-Moss"), Action.SUBSCRIBER_CHANGED
        yield ("subscribers", "tag", ADA, "--add", "board"), Action.SUBSCRIBER_CHANGED
        agreed = ("--allow", "--consent", "Asked Zeruya on the phone")
        yield ("subscribers", "tracking", ADA, *agreed), Action.SUBSCRIBER_CHANGED
        yield ("subscribers", "export", "--out", str(folder / "all.csv")), Action.SUBSCRIBERS_EXPORTED
        yield ("subscribers", "export", "--person", ADA), Action.SUBSCRIBERS_EXPORTED
        yield from self._mailings()
        yield from self._suppressions()
        yield from self._rest()

    def _mailings(self) -> Iterator[tuple[Sequence[str], Action]]:
        yield ("proof", "walking", "--to", "colleague@example.org", "--as-reader", ADA), Action.PROOF_SENT
        yield ("send", "walking", "--to", "friends", "--yes"), Action.MAILING_FINISHED
        yield ("mailings", "export", "1", "--out", str(self.office.folder / "1.csv")), Action.MAILING_EXPORTED
        yield ("corrections", "add", "walking", f"Not 210: Zeruya Quine <{ADA}> told us."), Action.CORRECTION_ADDED
        yield ("corrections", "withdraw", "1"), Action.CORRECTION_WITHDRAWN
        number = str(self.office.sent(7, DOUBT, issue="knees"))
        yield ("mailings", "resolve", number, "--not-sent"), Action.MAILING_RESOLVED
        self._outbox(number)
        yield ("mailings", "resume", number), Action.MAILING_RESUMED
        number = str(self.office.sent(7, REFUSED, issue="hips"))
        yield ("mailings", "retry", number, "--yes"), Action.MAILING_RETRIED
        yield ("mailings", "pause", number, "--reason", f"{ADA} wrote"), Action.MAILING_PAUSED
        yield ("mailings", "cancel", number, "--reason", f"{ADA} wrote", "--yes"), Action.MAILING_CANCELLED

    def _suppressions(self) -> Iterator[tuple[Sequence[str], Action]]:
        yield ("suppressions", "add", ADA, "--note", "Ada rang us"), Action.SUPPRESSION_ADDED
        because = ("--because", "Zeruya asked", "--yes")
        yield ("suppressions", "remove", ADA, *because), Action.SUPPRESSION_LIFTED
        never = str(self.office.folder / "never.txt")
        yield ("suppressions", "import", never, "--reason", "by hand"), Action.SUPPRESSIONS_IMPORTED
        yield ("suppressions", "export", "--out", str(self.office.folder / "s.csv")), Action.SUPPRESSIONS_EXPORTED
        yield ("suppressions", "sync"), Action.SUPPRESSIONS_SYNCED
        yield ("subscribers", "unsubscribe", "bob@example.org", "--reason", "Ada rang us"), Action.SUBSCRIBER_CHANGED
        yield ("subscribers", "erase", ADA, "--yes"), Action.SUBSCRIBER_ERASED

    def _rest(self) -> Iterator[tuple[Sequence[str], Action]]:
        self._pending()
        yield ("subscribers", "prune", "--pending-days", "1", "--yes"), Action.SUBSCRIBERS_PRUNED
        yield ("notices", "retry", self._notice()), Action.NOTICE_RETRIED
        yield ("lists", "archive", "friends"), Action.LIST_CHANGED
        yield ("api-keys", "add", "website", "--scope", "subscribers:write"), Action.API_KEY_ADDED
        with self.office.store.read() as connection:
            prefix = connection.execute(select(t.api_keys.c.prefix)).scalar_one()
        yield ("api-keys", "revoke", prefix), Action.API_KEY_REVOKED
        backup = str(self.office.folder / "b.db")
        yield ("db", "backup", backup), Action.DATABASE_BACKED_UP
        for one in (self.office.store, *self._opened):
            one.close()
        yield ("db", "restore", backup, "--yes"), Action.DATABASE_RESTORED
        yield ("db", "restore", "--checked", "--yes"), Action.DATABASE_CHECKED

    def tell(self, words: Sequence[str], action: Action) -> None:
        before = {one.hash for one in entries(self.office)}
        self.office.types(*words)
        self.told.add(next(name for name in LOGGED if " ".join(words).startswith(name)))
        new = [one.action for one in entries(self.office) if one.hash not in before]
        assert action in new, words

    def _outbox(self, number: str) -> None:
        """As if it had begun there."""
        with self.office.store.write() as connection:
            connection.execute(update(t.mailings).where(t.mailings.c.number == int(number)).values(sender="outbox"))

    def _pending(self) -> None:
        long_ago = datetime.now(UTC) - timedelta(days=30)
        with self.office.store.write() as connection:
            row = {"public_id": "p", "identity_hash": "0" * 32, "address": "late@example.org", "created_at": long_ago}
            connection.execute(t.subscribers.insert().values(**row))

    def _notice(self) -> str:
        keys, _ = wiring.open_keys(load(self.office.folder, {}), self.office.store)
        with self.office.store.write() as connection:
            number = notices.order(
                connection,
                kind=NoticeKind.CONFIRMATION,
                identity_hash=keys.identity_hash("bob@example.org"),
                address="bob@example.org",
                cause="join bob",
                now=datetime.now(UTC),
            )
            connection.execute(update(t.notices).where(t.notices.c.number == number).values(state="refused"))
        return str(number)


def entries(office: Operator) -> list[Any]:
    """By a connection of their own: the database may be another one by now."""
    engine = create_engine(f"sqlite:///{office.folder / 'newsletter.db'}", poolclass=NullPool)
    with engine.begin() as connection:
        return [*audit.entries(connection)]


def logged(operator: Operator, count: int, **how: Any) -> None:
    for number in range(count):
        with operator.store.write(how.get("actor", "ana")) as connection:
            at = NOW + timedelta(hours=number)
            audit.note(connection, Action.MAILING_PAUSED, how.get("subject", "mailing 3"), at, why="a wrong date")


def test_the_last_entries_are_shown_the_newest_at_the_end_in_the_zone_of_the_workspace(operator: Operator) -> None:
    assert "Nothing of that kind" in operator.reads("log")
    logged(operator, 3)
    said = operator.reads("log", "--limit", "2").splitlines()
    assert said[0] == "The last 2; earlier ones: --limit"
    assert said[1] == "     2  2026-12-01 02:00 PST  ana  mailing-paused: mailing 3"
    assert said[2] == "        why: a wrong date"
    assert said[3].startswith("     3  2026-12-01 03:00 PST")


def test_moments_among_the_facts_are_told_by_the_same_clocks(operator: Operator) -> None:
    with operator.store.write() as connection:
        audit.note(connection, Action.MAILING_SCHEDULED, "mailing 3", NOW, due_at=NOW, why="2026-12-01")
    assert "due at: 2026-12-01 01:00 PST; why: 2026-12-01" in operator.reads("log")


def test_what_is_wanted_can_be_said(operator: Operator) -> None:
    logged(operator, 2)
    logged(operator, 1, actor="bob", subject="mailing 31")

    def numbers(*words: str) -> list[int]:
        return [one["number"] for one in operator.json("log", *words)["entries"]]

    assert numbers("--subject", "mailing 3") == [1, 2]
    assert numbers("--actor", "bob") == [3]
    assert numbers("--since", "2026-12-01 02:00") == [2]
    assert numbers("--since", "2026-12-02") == []
    assert numbers("--action", "mailing-paused", "--limit", "1") == [3]
    with pytest.raises(click.UsageError, match="mean mailing-paused"):
        operator.types("log", "--action", "mailing-pause")


def test_json_has_everything(operator: Operator) -> None:
    logged(operator, 1)
    told = operator.json("log")
    [one] = told["entries"]
    assert (one["at"], one["actor"], one["subject"]) == ("2026-12-01T09:00:00+00:00", "ana", "mailing 3")
    assert one["facts"] == {"why": "a wrong date"}
    assert told["more"] is False


def test_verify_says_that_it_is_whole_and_where_it_ends(operator: Operator) -> None:
    assert "is empty" in operator.reads("log", "verify")
    logged(operator, 2)
    assert "Nothing was noted" in operator.reads("log", "verify")
    note_head(operator.store, load(operator.folder, {}), NOW)
    said = operator.reads("log", "verify")
    assert "is whole: 2 entries" in said
    assert "noted once" in said
    told = operator.json("log", "verify")
    assert (told["ok"], told["entries"], told["last"]["number"], told["heads_confirmed"]) == (True, 2, 2, 1)


def damaged(operator: Operator) -> LogDamaged:
    with pytest.raises(LogDamaged) as found:
        operator.types("log", "verify")
    assert exit_code(found.value) == 1
    assert "docs/audit.md" in explain(found.value)
    said = operator.json("db", "check")
    assert [one["code"] for one in said["findings"] if one["wrong"]][:1] == ["log-damaged"]
    return found.value


def test_a_changed_entry_is_found_also_by_db_check(operator: Operator) -> None:
    logged(operator, 3)
    tamper(operator, "UPDATE audit_log SET actor = 'bob' WHERE number = 2")
    why = damaged(operator)
    assert as_json(why)["entry"] == 2
    assert "entry 2: it was changed after it was written" in explain(why)
    assert "log-unguarded" in operator.reads("db", "check")


def test_an_entry_of_any_content_is_shown_and_found(operator: Operator) -> None:
    logged(operator, 3)
    for facts in ("[" * 100_000, '{"a": ' * 500 + "1" + "}" * 500, '{"a": ' + "9" * 6_000 + "}"):
        tamper(operator, f"UPDATE audit_log SET facts = '{facts}' WHERE number = 2")
        assert "unreadable" in operator.reads("log")
        assert damaged(operator).entry == 2


def test_lines_of_the_heads_that_cannot_be_read_are_told(operator: Operator) -> None:
    logged(operator, 3)
    note_head(operator.store, load(operator.folder, {}), NOW)
    heads = operator.folder / "audit-heads.txt"
    heads.write_text(heads.read_text(encoding="ascii").replace("T", "?"), encoding="ascii")
    said = " ".join(operator.reads("log", "verify").split())
    assert "One line in audit-heads.txt cannot be read" in said


def test_a_cut_off_end_is_found_and_nothing_more_is_noted(operator: Operator) -> None:
    logged(operator, 3)
    note_head(operator.store, load(operator.folder, {}), NOW)
    tamper(operator, "DELETE FROM audit_log WHERE number > 1")
    assert damaged(operator).entry == 2
    logged(operator, 4)  # whoever goes on hides nothing by that
    assert damaged(operator).entry == 3
    with pytest.raises(LogDamaged):
        note_head(operator.store, load(operator.folder, {}), NOW)


def test_a_restored_backup_is_no_damage_but_a_cut_off_end_behind_it_is(office: Operator) -> None:
    place = load(office.folder, {})
    logged(office, 2)
    office.types("db", "backup", str(office.folder / "b.db"))
    logged(office, 5)
    note_head(office.store, place, datetime.now(UTC))
    office.store.close()
    office.types("db", "restore", str(office.folder / "b.db"), "--yes")
    said = office.reads("log", "verify")
    assert "is whole: 3 entries" in said
    assert "A backup was restored (entry 3)" in said
    assert "at least to entry 8" in said
    assert [one["number"] for one in office.json("log", "verify")["heads_replaced"]] == [3, 8]
    assert office.json("db", "check")["ok"]
    tamper(office, "DELETE FROM audit_log WHERE number = 3")
    assert damaged(office).entry == 3


def test_what_is_refused_for_safety_is_logged(office: Operator) -> None:
    office.types("lists", "add", "friends")
    office.types("suppressions", "add", ADA, "--reason", "left everything")
    with pytest.raises(ConsentRefused):
        office.types("suppressions", "remove", ADA, "--because", "I say so", "--yes")
    last = entries(office)[-1]
    assert (last.action, last.subject) == ("refused", "suppressions")
    assert json.loads(last.facts) == {"codes": [], "command": "suppressions remove", "why": "ConsentRefused"}


def test_an_upgrade_is_logged(tmp_path: Path, office: Operator) -> None:
    database = office.folder / "newsletter.db"
    office.store.close()
    for file in tmp_path.glob("newsletter.db*"):
        file.unlink()
    engine = create_engine(f"sqlite:///{database}", poolclass=NullPool)
    upgrade.upgrade(engine, "0006")
    office.types("db", "upgrade")
    assert [(one.action, one.actor) for one in entries(office)] == [("database-upgraded", "ana")]


def tamper(operator: Operator, sql: str) -> None:
    """As somebody does who may do everything with the file."""
    engine = create_engine(f"sqlite:///{operator.folder / 'newsletter.db'}", poolclass=NullPool)
    with engine.begin() as connection:
        for trigger in ("changed", "deleted"):
            connection.execute(text(f"DROP TRIGGER IF EXISTS audit_log_is_not_{trigger}"))
        connection.execute(text(sql))


def test_a_database_to_rehearse_with_does_not_make_the_real_log_look_damaged(
    operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    heads = operator.folder / "audit-heads.txt"
    heads.write_text(f"99 {'f' * 64} 2026-11-01T08:00:00Z 01234567\n", encoding="utf-8")
    monkeypatch.setenv("NEWSLETTER_ACTOR", "ana")
    operator.types("lists", "add", "rehearsal")
    said = " ".join(operator.types("log", "verify").stdout.split())
    assert "The audit log is whole" in said
    assert "one line in audit-heads.txt about another database" in said
