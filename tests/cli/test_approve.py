"""People, approvals, and a send that obeys them, as staff use them."""

from __future__ import annotations

import json
import subprocess
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import click
import pytest

from newsletter.errors import (
    NotApproved,
    NotSendable,
    OptionUnusable,
    PassphraseLocked,
    PassphraseWrong,
    PersonNotFound,
    SendingRefused,
)
from newsletter.model.mailing import Outcome
from newsletter.model.staff import StaffMember
from newsletter.signoff import passphrases
from newsletter.store import audit, staff
from newsletter.store import tables as t
from tests.support.workspace import ISSUE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.support.operator import Operator

SEND = ("send", "walking", "--to", "news", "--yes")
TWO = '[policy]\napprovals = 2\napprover_roles = ["physician"]\n'
ONE = "[policy]\napprovals = 1\n"
WORDS = {"Ana Ruiz": "apple river candle", "Ben Lee": "paper window tiger", "Wil Riter": "stone garden violin"}


@pytest.fixture
def desk(operator: Operator, monkeypatch: pytest.MonkeyPatch) -> Operator:
    """An issue to three readers; Ana is a physician, Ben is nothing, Wil writes."""
    monkeypatch.setattr(passphrases, "COST", passphrases.Cost(2, 1, 1))
    monkeypatch.setenv("NEWSLETTER_SECRET", "a secret of the tests")
    monkeypatch.setenv("NEWSLETTER_CHECKS_SPAM_FILTER", "false")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(operator.folder.parent))
    monkeypatch.setenv("NEWSLETTER_ACTOR", "desk")
    file_of(operator).parent.mkdir(parents=True)
    file_of(operator).write_text(ISSUE.replace("date:", "authors:\n  - Wil Riter\ndate:"), encoding="utf-8")
    operator.desk.readers(3)
    operator.now = datetime.now(UTC)
    operator.settings(TWO)
    with operator.store.write() as connection:
        for name, roles in (("Ana Ruiz", ("physician",)), ("Ben Lee", ()), ("Wil Riter", ())):
            email = f"{name.split()[0].lower()}@example.org"
            person = StaffMember(number=0, name=name, email=email, roles=roles, created_at=operator.now)
            staff.add(connection, person, passphrases.hashed(WORDS[name], bytes(16)))
    return operator


def file_of(operator: Operator) -> Path:
    return operator.folder / "issues" / "walking" / "issue.md"


def says(operator: Operator, who: str, *words: str) -> str:
    """A command that asks for the passphrase of somebody; what it prints."""
    return operator.types(*words, "--passphrase-stdin", answer=f"{WORDS[who]}\n").stdout


def approve(operator: Operator, *who: str, more: tuple[str, ...] = ()) -> str:
    return "".join(says(operator, one, "approve", "walking", "--as", one, *more) for one in who)


def edit(operator: Operator, before: str, after: str) -> None:
    file = file_of(operator)
    text = file.read_text(encoding="utf-8")
    assert before in text
    file.write_text(text.replace(before, after), encoding="utf-8")


def actions(operator: Operator) -> list[tuple[str, str, str]]:
    with operator.store.read() as connection:
        return [(one.actor, one.action, one.subject) for one in audit.entries(connection)]


class TestPeople:
    def test_they_are_shown_changed_and_removed_and_all_of_it_is_logged(self, desk: Operator) -> None:
        add = ("people", "add", "Cem Kaya", "--email", "cem@example.org", "--role", "nurse", "--passphrase-stdin")
        assert (
            "Added Cem Kaya  <cem@example.org>  roles: nurse\n"
            in desk.types(*add, answer="lemon basket river\n").stdout
        )
        desk.types("people", "edit", "ben@example.org", "--role", "editor", "--also", "blee", "--name", "Benjamin Lee")
        desk.types("people", "edit", "Benjamin Lee", "--not-also", "BLEE", "--no-role")
        desk.types("people", "remove", "wil@example.org", "--reason", "left")
        assert desk.reads("people", "list").splitlines() == [
            "Ana Ruiz  <ana@example.org>  roles: physician",
            "Benjamin Lee  <ben@example.org>  no role  also: Ben Lee",
            "Cem Kaya  <cem@example.org>  roles: nurse",
        ]
        shown = desk.json("people", "list", "--removed")["people"]
        assert [one["name"] for one in shown if one["removed_at"]] == ["Wil Riter"]
        done = [one[1] for one in actions(desk) if one[1].startswith("person-")]
        assert done == ["person-added", *["person-changed"] * 2, "person-removed"]
        with desk.store.read() as connection:
            assert not any("example.org" in entry.facts for entry in audit.entries(connection))

    def test_a_former_name_or_address_is_known_as_theirs(self, desk: Operator) -> None:
        desk.types("people", "edit", "Ana Ruiz", "--name", "Ana Sol", "--email", "sol@example.org")
        assert desk.reads("people", "list").splitlines()[0].endswith("also: Ana Ruiz, ana@example.org")
        edit(desk, "  - Wil Riter", "  - Ana Ruiz")
        with pytest.raises(NotApproved, match="Ana Sol is an author of it"):
            says(desk, "Ana Ruiz", "approve", "walking", "--as", "Ana Sol")
        desk.types("people", "edit", "Ana Sol", "--not-also", "Ana Ruiz")
        assert desk.reads("people", "list").splitlines()[0].endswith("also: ana@example.org")

    @pytest.mark.parametrize(
        "wrong",
        [
            ("people", "add", " ", "--email", "x@example.org"),
            ("people", "add", "Cem", "--email", "nowhere"),
            ("people", "add", "\u0410na Ruiz", "--email", "x@example.org"),
            ("people", "add", "Ana\u3164Ruiz", "--email", "x@example.org"),
            ("people", "add", "Ana Ru\ufe00iz", "--email", "x@example.org"),
            ("people", "add", "Cem", "--email", "x@example.org", "--role", "two words"),
            ("people", "edit", "Ana Ruiz"),
            ("people", "edit", "Ana Ruiz", "--role", "editor", "--no-role"),
            ("people", "remove", "Ana Ruiz", "--reason", " "),
            ("people", "passphrase", "Ana Ruiz", "--forgotten", " "),
            ("approvals", "withdraw", "walking", "--as", "Ana Ruiz", "--reason", " "),
            ("approve", "walking", "--as", "Ana Ruiz"),  # nobody is at the terminal
        ],
    )
    def test_a_slip_changes_nothing(self, desk: Operator, wrong: tuple[str, ...]) -> None:
        before = actions(desk)
        with pytest.raises(click.UsageError):
            desk.types(*wrong)
        assert actions(desk) == before

    def test_a_weak_passphrase_and_a_second_person_of_one_name_are_refused(self, desk: Operator) -> None:
        add = ("people", "add", "Cem Kaya-Oezdemir", "--email", "cem@example.org", "--passphrase-stdin")
        for weak in ("short\n", "Cem Kaya Oezdemir\n"):
            with pytest.raises(OptionUnusable):
                desk.types(*add, answer=weak)
        with pytest.raises(click.UsageError):
            desk.types(*add, answer="")
        with pytest.raises(OptionUnusable):
            desk.types(*add, "--also", "Ana@Example.org", answer="apple river candle\n")

    def test_a_new_passphrase_asks_for_the_present_one_or_says_why_not(self, desk: Operator) -> None:
        change = ("people", "passphrase", "Ana Ruiz", "--passphrase-stdin")
        with pytest.raises(PassphraseWrong):
            desk.types(*change, answer="not hers at all\nlemon basket river\n")
        desk.types(*change, answer=f"{WORDS['Ana Ruiz']}\nlemon basket river\n")
        with pytest.raises(PassphraseWrong):
            approve(desk, "Ana Ruiz")
        desk.types(*change, "--forgotten", "asked me in person", answer="apple river candle\n")
        assert "Ana Ruiz signed version 1" in approve(desk, "Ana Ruiz")
        who = [one[0] for one in actions(desk) if one[1] == "person-changed"]
        assert who == ["Ana Ruiz", "desk"]

    def test_it_is_typed_twice_at_a_terminal_and_never_shown(
        self, desk: Operator, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("newsletter.cli.passphrase._refuse_without_terminal", lambda: None)
        add = ("people", "add", "Cem Kaya", "--email", "cem@example.org")
        with pytest.raises(click.UsageError):
            desk.types(*add, answer="lemon basket river\nlemon basket rover\n")
        done = desk.types(*add, answer="lemon basket river\nlemon basket river\n")
        assert "lemon" not in done.stdout + done.stderr


class TestApproving:
    def test_what_is_signed_is_shown_and_it_is_signed_off_when_nothing_is_missing(self, desk: Operator) -> None:
        first = approve(desk, "Ben Lee", more=("--comment", "read it twice"))
        for shown in (
            "Issue       walking",
            "Subject     Walking after a knee operation",
            "Disclaimers general@1, emergency@1, no-guarantee@1, delivery@1",
            "Written by  Wil Riter (not in git: only `authors` in the issue tell)",
            "Ben Lee signed version 1 of walking.",
            "Still missing: 1 person more must sign it; nobody with the role physician has\nsigned it.",
        ):
            assert shown in first
        with pytest.raises(NotApproved, match="1 person more must sign it"):
            desk.types(*SEND)
        assert "It is signed off until " in approve(desk, "Ana Ruiz")
        shown = desk.reads(*SEND)
        assert "by Ben Lee and Ana Ruiz (physician)" in " ".join(shown.split())
        assert desk.desk.tally(1).outcomes == {Outcome.ACCEPTED: 3}
        assert desk.desk.mailing(1).version == 1

    def test_as_json_it_has_the_version_and_what_is_missing(self, desk: Operator) -> None:
        made = json.loads(approve(desk, "Ana Ruiz", more=("--json",)))
        assert (made["version"], made["approval"]["name"], made["sign_off"]["holds"]) == (1, "Ana Ruiz", False)
        shown = desk.json("approvals", "show", "walking")
        assert shown["versions"][0]["fingerprint"] == made["fingerprint"]
        assert (shown["holds"], shown["sign_off"]["missing"]) == (False, ["1 person more must sign it"])

    def test_an_author_cannot_sign_unless_policy_lets_them(self, desk: Operator) -> None:
        with pytest.raises(NotApproved, match="Wil Riter is an author of it"):
            approve(desk, "Wil Riter")
        assert actions(desk)[-1] == ("desk", "approval-refused", "issue walking")
        desk.settings(TWO + "author_may_approve = true\n")
        approve(desk, "Wil Riter", "Ana Ruiz")
        desk.types(*SEND, "--dry-run")
        desk.settings(TWO)  # policy is looked at when it goes, too
        with pytest.raises(NotApproved, match="Wil Riter is an author of it"):
            desk.types(*SEND)

    def test_who_has_committed_it_or_changed_it_since_is_an_author(self, desk: Operator) -> None:
        edit(desk, "authors:\n  - Wil Riter\n", "")
        git(desk.folder, "init", "-q")
        config = desk.folder / ".git" / "config"
        config.write_text(config.read_text() + "[user]\nname = blee\nemail = ben.lee@example.com\n")
        git(desk.folder, "add", "issues")
        git(desk.folder, "commit", "-qm", "first")
        shown = approve(desk, "Ana Ruiz")
        assert "Written by  blee <ben.lee@example.com>" in shown
        assert "None of the people is called blee" in shown
        desk.types("people", "edit", "Ben Lee", "--also", "Ben.Lee@example.com")
        with pytest.raises(NotApproved, match="Ben Lee is an author"):
            approve(desk, "Ben Lee")
        assert "Wil Riter signed" in approve(desk, "Wil Riter")
        config.write_text(config.read_text() + "[user]\nname = Ana Ruiz\nemail = ana@example.org\n")
        edit(desk, "Rest", "Rest well")
        with pytest.raises(NotApproved, match="Ana Ruiz is an author"):
            approve(desk, "Ana Ruiz")

    def test_who_commits_as_an_author_after_signing_does_not_count(self, desk: Operator) -> None:
        desk.settings(ONE)
        git(desk.folder, "init", "-q")
        config = desk.folder / ".git" / "config"
        before = config.read_text()
        config.write_text(before + "[user]\nname = Some Body\nemail = sb@example.com\n")
        approve(desk, "Ana Ruiz")
        desk.types(*SEND, "--dry-run")
        config.write_text(before + "[user]\nname = Ana Ruiz\nemail = ana@example.org\n")
        git(desk.folder, "add", "issues")
        git(desk.folder, "commit", "-qm", "mine")
        with pytest.raises(NotApproved, match="Ana Ruiz is an author of it"):
            desk.types(*SEND)
        assert not desk.json("approvals", "show", "walking")["holds"]
        assert "It is signed off" in approve(desk, "Ben Lee")

    def test_an_issue_with_errors_is_not_signed(self, desk: Operator) -> None:
        edit(desk, "Walk.", "Walk {{ nobody_knows }}.")
        with pytest.raises(NotSendable):
            approve(desk, "Ana Ruiz")
        with pytest.raises(PersonNotFound):
            desk.types("approve", "walking", "--as", "Nobody", "--passphrase-stdin", answer="x\n")

    def test_wrong_passphrases_sign_nothing_and_lead_to_a_wait(self, desk: Operator) -> None:
        sign = ("approve", "walking", "--as", "Ana Ruiz", "--passphrase-stdin")
        for _ in range(5):
            with pytest.raises(PassphraseWrong):
                desk.types(*sign, answer="not hers at all\n")
        with pytest.raises(PassphraseLocked):
            approve(desk, "Ana Ruiz")
        with desk.store.read() as connection:
            assert connection.execute(t.approvals.select()).first() is None

    def test_a_person_counts_once_and_can_renew(self, desk: Operator) -> None:
        approve(desk, "Ana Ruiz")
        assert "this renews it" in " ".join(approve(desk, "Ana Ruiz").split())
        with pytest.raises(NotApproved):
            desk.types(*SEND)

    def test_it_runs_out(self, desk: Operator) -> None:
        approve(desk, "Ana Ruiz", "Ben Lee")
        with desk.store.write() as connection:
            connection.execute(t.approvals.update().values(at=datetime.now(UTC) - timedelta(days=30)))
        with pytest.raises(NotApproved, match="signed more than 30 days ago"):
            desk.types(*SEND)
        approve(desk, "Ana Ruiz", "Ben Lee")
        desk.types(*SEND)

    def test_who_was_removed_does_not_count(self, desk: Operator) -> None:
        approve(desk, "Ana Ruiz", "Ben Lee")
        desk.types("people", "remove", "Ben Lee", "--reason", "left")
        with pytest.raises(NotApproved, match="Ben Lee is no longer among the people"):
            desk.types(*SEND)
        assert "Ben Lee" in desk.reads("approvals", "show", "walking")

    def test_what_waits_for_somebody_else_is_said_when_a_signer_leaves(self, desk: Operator) -> None:
        approve(desk, "Ana Ruiz", "Ben Lee")
        desk.types("schedule", "walking", "--to", "news", "--at", "2099-12-01 09:00", "--yes")
        desk.types("people", "remove", "Wil Riter", "--reason", "left")
        said = " ".join(desk.reads("people", "remove", "Ben Lee", "--reason", "left").split())
        assert "mailing 1 (walking) is scheduled, and will be held until somebody else signs" in said
        assert "policy asks for 2 to sign, and only 1 can" in said

    def test_the_list_says_what_was_sent(self, desk: Operator) -> None:
        approve(desk, "Ana Ruiz", "Ben Lee")
        desk.types(*SEND)
        assert desk.reads("approvals", "list").endswith("; sent by mailing 1\n")
        for one in ("Ana Ruiz", "Ben Lee"):
            desk.types("people", "remove", one, "--reason", "left")
        shown = " ".join(desk.reads("approvals", "list").split())
        assert shown.endswith("by Ana Ruiz (physician), Ben Lee counts no longer; sent by mailing 1")
        assert desk.json("approvals", "list")["issues"][0]["sent_by_mailing"] == 1

    def test_a_signature_is_taken_back_with_a_reason(self, desk: Operator) -> None:
        approve(desk, "Ana Ruiz", "Ben Lee")
        says(desk, "Ana Ruiz", "approvals", "withdraw", "walking", "--as", "Ana Ruiz", "--reason", "wrong dose")
        with pytest.raises(NotApproved, match=r"Ana Ruiz withdrew their signature \(wrong dose\)"):
            desk.types(*SEND)
        with pytest.raises(NotApproved, match="no signature that stands"):
            says(desk, "Ana Ruiz", "approvals", "withdraw", "walking", "--as", "Ana Ruiz", "--reason", "again")
        assert ("Ana Ruiz", "approval-withdrawn", "issue walking") in actions(desk)
        assert "not signed off" in desk.reads("approvals", "list")

    def test_a_mailing_that_has_begun_does_not_go_on_after_a_withdrawal(self, desk: Operator) -> None:
        desk.settings(ONE)
        approve(desk, "Ana Ruiz")
        desk.types(*SEND)
        with desk.store.write() as connection:
            connection.execute(t.mailings.update().values(state="paused"))
        desk.types(*SEND[:-1], "--yes")
        with desk.store.write() as connection:
            connection.execute(t.mailings.update().values(state="paused"))
        says(desk, "Ana Ruiz", "approvals", "withdraw", "walking", "--as", "Ana Ruiz", "--reason", "wrong dose")
        with pytest.raises(NotApproved, match="wrong dose"):
            desk.types(*SEND)
        assert "it goes on" in approve(desk, "Ana Ruiz", more=("--comment", "no text: \udcff"))


def _issue(desk: Operator) -> None:
    edit(desk, "- Rest.", "- Rest,")


def _comment(desk: Operator) -> None:
    edit(desk, "---\ntitle", "---\n# a note\ntitle")


def _setting(desk: Operator) -> None:
    settings = desk.folder / "newsletter.toml"
    settings.write_text(settings.read_text().replace("213-555-0142", "213-555-0143"), encoding="utf-8")


def _disclaimer(desk: Operator) -> None:
    text = "---\nid: general\ntitle: Mind this\nversion: '1'\n---\n\nThis newsletter is general education.\n"
    folder = desk.folder / "templates" / "disclaimers"
    folder.mkdir(parents=True)
    (folder / "general.en.md").write_text(text, encoding="utf-8")


def _template(desk: Operator) -> None:
    folder = desk.folder / "templates" / "email" / "blocks"
    folder.mkdir(parents=True)
    (folder / "divider.txt.j2").write_text("* * *\n", encoding="utf-8")


def _link(desk: Operator) -> None:
    folder = desk.folder / "elsewhere"
    folder.mkdir()
    (folder / "divider.txt.j2").write_text("* * *\n", encoding="utf-8")
    (folder / "back").symlink_to(folder)
    (desk.folder / "templates" / "email").mkdir(parents=True)
    (desk.folder / "templates" / "email" / "blocks").symlink_to(folder)


def _picture(desk: Operator) -> None:
    picture = file_of(desk).with_name("walk.png")
    picture.write_bytes(_png("blue"))


def _reference(desk: Operator) -> None:
    edit_file = file_of(desk).with_name("references.json")
    edit_file.write_text(edit_file.read_text().replace("Knees", "Knee"), encoding="utf-8")


def _lock(desk: Operator) -> None:
    file_of(desk).with_name("claims.lock").write_text("# no entries\n", encoding="utf-8")


def _png(colour: str) -> bytes:
    from io import BytesIO

    from PIL import Image

    file = BytesIO()
    Image.new("RGB", (600, 300), colour).save(file, "PNG")
    return file.getvalue()


def rich(desk: Operator) -> None:
    """The issue with a picture and a reference."""
    file = file_of(desk)
    file.with_name("walk.png").write_bytes(_png("green"))
    file.with_name("references.json").write_text(
        '[{"id": "lee2020", "type": "article-journal", "title": "Knees", "container-title": "Journal of Tests",'
        ' "author": [{"family": "Lee", "given": "B"}], "issued": {"date-parts": [[2020]]}, "DOI": "10.1000/182",'
        ' "volume": "1", "page": "1-9"}]',
        encoding="utf-8",
    )
    edit(
        desk,
        "short walks, often: that is the whole secret.",
        "short walks help [@lee2020].\n\n![Somebody walks](walk.png)",
    )
    edit(desk, "authors:", "references:\n  - references.json\nauthors:")


class TestWhatVoidsIt:
    @pytest.mark.parametrize(
        ("change", "words"),
        [
            (_issue, "the issue itself was changed"),
            (_comment, "the issue itself was changed"),
            (_setting, "the section [sender] of newsletter.toml was changed"),
            (_disclaimer, "the disclaimer general (en) was changed"),
            (_template, "the template templates/email/blocks/divider.txt.j2 was added"),
            (_link, "the template templates/email/blocks/divider.txt.j2 was added"),
            (_picture, "a picture ("),
            (_reference, "the reference lee2020 was changed"),
            (_lock, "the review of claims (issues/walking/claims.lock) was added"),
        ],
    )
    def test_any_change_does_and_it_is_told(
        self, desk: Operator, change: Callable[[Operator], None], words: str
    ) -> None:
        rich(desk)
        desk.settings(ONE)
        approve(desk, "Ana Ruiz")
        change(desk)
        with pytest.raises(NotApproved) as stopped:
            desk.types(*SEND)
        assert words in stopped.value.why

    def test_line_ends_and_a_byte_order_mark_do_not(self, desk: Operator) -> None:
        desk.settings(ONE)
        _template(desk)
        approve(desk, "Ana Ruiz")
        for file in (file_of(desk), desk.folder / "templates/email/blocks/divider.txt.j2"):
            file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))
        (desk.folder / "templates/email/.divider.txt.j2.swp").write_bytes(b"\0\xff")
        desk.types(*SEND)

    def test_what_only_another_issue_needs_does_not(self, desk: Operator) -> None:
        desk.settings(ONE)
        approve(desk, "Ana Ruiz")
        other = desk.folder / "issues" / "diet" / "issue.md"
        other.parent.mkdir()
        other.write_text(ISSUE, encoding="utf-8")
        desk.types(*SEND)

    def test_putting_it_back_makes_it_good_again(self, desk: Operator) -> None:
        desk.settings(ONE)
        approve(desk, "Ana Ruiz")
        _issue(desk)
        with pytest.raises(NotApproved):
            desk.types(*SEND)
        edit(desk, "- Rest,", "- Rest.")
        desk.types(*SEND)

    def test_the_lines_that_changed_are_shown(self, desk: Operator) -> None:
        approve(desk, "Ana Ruiz", "Ben Lee")
        _issue(desk)
        shown = desk.reads("approvals", "show", "walking")
        assert "Changed since version 1 was signed:" in shown
        assert "      -- Rest.\n      +- Rest,\n" in shown
        assert "newsletter send walking --to LIST --approved-version" in shown
        again = approve(desk, "Ana Ruiz")
        assert "Changed since version 1 was signed:" in again
        assert "Ana Ruiz signed version 2 of walking." in again


class TestApprovedVersion:
    @pytest.fixture(autouse=True)
    def one_signs(self, desk: Operator) -> None:
        desk.settings(ONE)

    def test_the_signed_bytes_go_although_the_files_moved_on(self, desk: Operator) -> None:
        approve(desk, "Ana Ruiz")
        edit(desk, "- Rest.", "- Run.")
        said = desk.reads(*SEND, "--approved-version")
        assert "when it was signed" in said
        mail = (desk.folder / "outbox" / "1" / "000001.eml").read_text()
        assert ("Rest." in mail, "Run." in mail) == (True, False)

    def test_a_file_that_is_broken_or_an_upgrade_changes_nothing_about_it(
        self, desk: Operator, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        approve(desk, "Ana Ruiz")
        monkeypatch.setattr("newsletter.render.render", _other_renderer())
        desk.types(*SEND)  # the sources are the same: what was signed goes
        assert "a newer program" not in (desk.folder / "outbox" / "1" / "000001.eml").read_text()
        file_of(desk).write_text("---\ntitle: [\n---\n", encoding="utf-8")
        desk.types(*SEND, "--approved-version", "--again", "corrected")
        assert "broken" not in desk.reads("approvals", "list")

    def test_without_one_it_says_what_is_missing(self, desk: Operator) -> None:
        desk.settings(TWO)
        approve(desk, "Ben Lee")
        _issue(desk)
        with pytest.raises(NotApproved, match="no version of it has all the signatures"):
            desk.types(*SEND, "--approved-version")
        desk.settings("")  # nobody has to sign, and one has
        desk.types(*SEND, "--approved-version")

    def test_it_names_its_readers_itself_where_the_files_moved_on(self, desk: Operator) -> None:
        edit(desk, "authors:", "audience: news\nauthors:")
        approve(desk, "Ana Ruiz")
        desk.types("send", "walking", "--yes", "--dry-run")
        _issue(desk)
        with pytest.raises(click.UsageError, match="Say to whom"):
            desk.types("send", "walking", "--yes", "--approved-version")

    def test_an_old_disclaimer_does_not_go_out_whoever_signed_it(self, desk: Operator) -> None:
        approve(desk, "Ana Ruiz")
        _disclaimer(desk)
        with pytest.raises(NotApproved, match=r"not in force any more, or not in this form: disclaimer general \(en\)"):
            desk.types(*SEND, "--approved-version")

    def test_a_proof_shows_it_too(self, desk: Operator) -> None:
        approve(desk, "Ana Ruiz")
        edit(desk, "- Rest.", "- Run.")
        proof = ("proof", "walking", "--to", "ana@example.org")
        desk.types(*proof, "--approved-version")
        desk.types(*proof)
        texts = [one.read_text() for one in sorted((desk.folder / "outbox" / "notices").iterdir())]
        assert ["Rest." in text for text in texts] == [True, False]

    def test_stored_bytes_that_somebody_changed_do_not_go(self, desk: Operator) -> None:
        approve(desk, "Ana Ruiz")
        with desk.store.write() as connection:
            content = connection.execute(t.rendered.select()).one().content
            connection.execute(t.rendered.update().values(content=content.replace("Rest.", "Rust.")))
        with pytest.raises(NotApproved, match="somebody changed the database"):
            desk.types(*SEND)


class TestOverrides:
    """`text-leftover` counts as an error here."""

    @pytest.fixture
    def leftover(self, desk: Operator) -> Operator:
        desk.settings(ONE + '[policy.levels]\ntext-leftover = "error"\n')
        edit(desk, "- Rest.", "- TODO rest.")
        return desk

    def test_they_are_part_of_what_is_signed(self, leftover: Operator) -> None:
        with pytest.raises(NotSendable):
            approve(leftover, "Ana Ruiz")
        over = ("--override", "text-leftover", "a joke of ours")
        shown = approve(leftover, "Ana Ruiz", more=over)
        assert "overridden: 1 text-leftover (a joke of ours)" in " ".join(shown.split())
        for other in (("--override", "text-leftover", "another reason"),):
            with pytest.raises(NotApproved):
                leftover.types(*SEND, *other)
        leftover.types(*SEND, *over, "--dry-run")
        said = leftover.reads(*SEND)  # those of the signed version are taken
        assert "overridden: 1 text-leftover (a joke of ours)" in " ".join(said.split())

    def test_who_signs_second_signs_the_same(self, leftover: Operator) -> None:
        leftover.settings(TWO + '[policy.levels]\ntext-leftover = "error"\n')
        approve(leftover, "Ana Ruiz", more=("--override", "text-leftover", "a joke of ours"))
        assert "Ben Lee signed version 1" in approve(leftover, "Ben Lee")
        leftover.types(*SEND)

    def test_what_nobody_may_override_is_not_signed(self, desk: Operator) -> None:
        with pytest.raises(SendingRefused):
            approve(desk, "Ana Ruiz", more=("--override", "disclaimer-missing", "because"))


def test_with_no_policy_nobody_has_to_sign_and_the_version_is_kept(desk: Operator) -> None:
    desk.settings("")
    assert "policy.approvals is 0" in approve(desk, "Ana Ruiz")
    _issue(desk)
    desk.types(*SEND)
    assert desk.desk.mailing(1).version == 2
    assert "nobody has to sign it" in desk.reads("approvals", "show", "walking")
    desk.types(*SEND, "--approved-version", "--again", "the signed one")
    assert desk.desk.mailing(2).version == 1


def test_what_somebody_took_back_does_not_go_where_nobody_has_to_sign_either(desk: Operator) -> None:
    desk.settings("")
    approve(desk, "Ana Ruiz")
    says(desk, "Ana Ruiz", "approvals", "withdraw", "walking", "--as", "Ana Ruiz", "--reason", "the dose is wrong")
    with pytest.raises(NotApproved, match="the dose is wrong"):
        desk.types(*SEND)
    assert not desk.json("approvals", "show", "walking")["holds"]
    _issue(desk)
    desk.types(*SEND, "--dry-run")
    edit(desk, "- Rest,", "- Rest.")
    approve(desk, "Ben Lee")
    desk.types(*SEND)


def test_an_issue_is_the_same_however_the_way_to_it_is_typed(desk: Operator) -> None:
    desk.settings(ONE)
    approve(desk, "Ana Ruiz")
    (desk.folder / "here").symlink_to(desk.folder)
    for way in ("issues/../issues/walking", "here/issues/walking/issue.md"):
        desk.types("send", str(desk.folder / way), *SEND[2:], "--dry-run")


def test_the_record_stays_when_the_file_is_gone(desk: Operator) -> None:
    from newsletter.errors import IssueNotFound

    assert "Nobody has signed an issue yet" in desk.reads("approvals", "list")
    approve(desk, "Ana Ruiz")
    file_of(desk).unlink()
    shown = desk.reads("approvals", "show", "walking")
    assert "is not in this workspace any more" in shown
    assert "Ana Ruiz (physician)" in shown
    assert desk.json("approvals", "list")["issues"][0]["issue"] == "walking"
    with pytest.raises(IssueNotFound):
        desk.types("approvals", "show", "wolking")


def git(folder: Path, *words: str) -> None:
    subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True)


def _other_renderer() -> Callable[..., Any]:
    """Of a newer program, which makes other bytes of the same files."""
    from dataclasses import replace

    from newsletter.render import render

    def newer(*words: Any, **more: Any) -> Any:
        made = render(*words, **more)
        return replace(made, rendered=replace(made.rendered, text=(*made.rendered.text, "a newer program")))

    return newer


def test_signed_anew_the_scheduled_mailing_sends_what_was_signed_last(desk: Operator) -> None:
    desk.settings(ONE)
    approve(desk, "Ben Lee")
    desk.types("schedule", "walking", "--to", "news", "--at", "2099-12-01 09:00", "--yes")
    edit(desk, "Walk", "Run")
    said = " ".join(approve(desk, "Ben Lee").split())
    assert "Mailing 1, scheduled for 2099-12-01 09:00" in said
    assert "sends this version" in said
    assert desk.desk.mailing(1).version == 2
