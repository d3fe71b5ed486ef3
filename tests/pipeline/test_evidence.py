"""The evidence of a mailing: everything that is known of it, of nobody in particular, on both databases."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import zipfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import delete, insert, update

from newsletter.errors import MailingNotFound
from newsletter.keys import Keys
from newsletter.model.audit import Action, Head
from newsletter.model.event import Fate
from newsletter.model.letter import Answer, Verdict
from newsletter.model.mailing import MailingState
from newsletter.model.rendered import Context, ImageFile, Rendered, Slot
from newsletter.model.segment import Audience
from newsletter.model.staff import Author
from newsletter.model.version import Approval, Version
from newsletter.model.waiver import Waiver, WaiverKind
from newsletter.pipeline.evidence import making
from newsletter.pipeline.evidence.comparing import Logged, Seal, compare
from newsletter.pipeline.evidence.doubts import doubts_of
from newsletter.pipeline.evidence.material import read_material
from newsletter.pipeline.evidence.naming import names_of
from newsletter.pipeline.sources import hash_of
from newsletter.settings import load
from newsletter.signoff.evidence.reading import is_safe, look
from newsletter.store import audit, audit_heads, corrections, mailings, versions
from newsletter.store import tables as t
from newsletter.store.evidence import SignedVersion
from tests.support.mailing import BEGIN, DOUBT, MailingDesk
from tests.support.operator import SETTINGS, scripted

if TYPE_CHECKING:
    from pathlib import Path

    from newsletter.pipeline.evidence.material import Material
    from newsletter.settings import Workspace
    from newsletter.signoff.evidence.reading import Looked
    from newsletter.store.database import Store

NOW = datetime(2026, 12, 2, 10, tzinfo=UTC)
KEYS = Keys(["a secret of the tests"])
BLAMED = Answer(
    verdict=Verdict.ACCEPTED, blamed={2: "550 <reader0002@example.org> is unknown, said reader0002%40example.org"}
)
PICTURE = ImageFile(name="0123456789abcdef.png", media_type="image/png", content=b"\x89PNG of the tests")
HTML = (
    '<p>Dear ', Slot(name="first_name", context=Context.HTML, fallback="reader"),
    f'</p><img src="https://news.example.org/i/{PICTURE.name}" alt="A knee">',
    '<a href="', Slot(name="unsubscribe_url", context=Context.URL), '">Leave</a>',
    ('<table><tr><td><a id="ref-1"></a>1.</td><td>Smith J. Walking. <em>Knee J</em>. 2020. '
    '<a href="https://doi.org/10.1/x">doi:10.1/x</a> <a href="#cite-1">\u21a9\ufe0e</a></td></tr></table>'),
    '<h3 class="disclaimer-title">No advice</h3><p>Ask your <b>doctor</b>.</p><p>Always.</p>',
)  # fmt: skip
MAIL = Rendered(
    subject=("Walking, ", Slot(name="first_name", context=Context.HEADER, fallback="reader")),
    preheader=("What to expect",),
    html=HTML,
    text=("Dear ", Slot(name="first_name", context=Context.TEXT, fallback="reader"), "\n"),
    from_name="Test Clinic",
    from_address="letters@example.org",
    reply_to="",
    language="en",
    references=("smith2020",),
    disclaimers=("general@2",),
    images=(PICTURE.name,),
)
TEXTS = {
    "issues/walking/issue.md": "---\ntitle: Walking\n---\n",
    "reference smith2020": '{"id": "smith2020", "title": "Walking"}',
    "disclaimer general (en)": "Ask your **doctor**.",
    "newsletter.toml [newsletter]": '{"base_url": "https://news.example.org", "name": "Test Letters"}',
}
VERSION = Version(
    issue="walking",
    variants={"": MAIL.fingerprint},
    sources={label: hash_of(text) for label, text in TEXTS.items()} | {f"image {PICTURE.name}": hash_of(PICTURE.name)},
    authors=(Author(name="Ana Writer", email="ana@example.org"), Author(email="BEN@example.org")),
    commit="c0ffee+",
    waivers=(Waiver(code="long-sentence", kind=WaiverKind.IGNORED, reason="a quotation", count=2),),
    checks=({"code": "no-date", "level": "warning", "message": "there is no date", "file": "issue.md"},),
    created_at=BEGIN,
)


#: what does not depend on the database
ON_ONE = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    folder = tmp_path / "place"
    folder.mkdir()
    (folder / "newsletter.toml").write_text(SETTINGS, encoding="utf-8")
    return load(folder, {})


def evidence(store: Store, place: Workspace, number: int = 1, now: datetime = NOW) -> bytes:
    stream = io.BytesIO()
    with store.read() as connection:
        making.write(connection, place, KEYS, number, stream, now)
    return stream.getvalue()


def files_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def looked(content: bytes) -> Looked:
    return look(io.BytesIO(content))


def told(files: dict[str, bytes], name: str) -> Any:
    return json.loads(files[name])


def rows(files: dict[str, bytes], name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(files[name].decode())))


def plan_version(store: Store, lists: tuple[int, ...], now: datetime = BEGIN) -> int:
    """A scheduled mailing of VERSION, which nobody got yet."""
    with store.write() as connection:
        kept = versions.keep(connection, VERSION, [MAIL], [PICTURE], {hash_of(text): text for text in TEXTS.values()})
        return mailings.add(
            connection,
            link_number=77,
            issue="walking",
            variants=VERSION.variants,
            audience=Audience(lists=lists),
            sender="scripted",
            again="",
            now=now,
            version=kept,
        )


def sign_off(store: Store, *, withdrawn: bool = False) -> None:
    with store.write() as connection:
        one = {"key": "ben", "name": "Ben Boss", "email": "ben@example.org", "roles": "medical", "created_at": BEGIN}
        number = connection.execute(insert(t.staff).values(one).returning(t.staff.c.number)).scalar_one()
        given = {"version": 1, "staff": number, "roles": "legal medical", "comment": "fine now", "at": BEGIN}
        gone = {"withdrawn_at": NOW, "withdrawn_why": "a new study"} if withdrawn else {}
        connection.execute(insert(t.approvals).values(given | gone))


@pytest.fixture
def sent(store: Store, tmp_path: Path) -> MailingDesk:
    """Seven readers: one refused, three in doubt, one bounced; of a mailing from before versions were kept."""
    desk = MailingDesk(store, tmp_path)
    desk.readers(7)
    desk.send(desk.plan(), scripted(BLAMED, DOUBT))
    with store.write() as connection:
        connection.execute(
            t.fates.insert().values(mailing=1, n=1, fate=Fate.HARD_BOUNCE, reason="no reader0001@example.org", at=BEGIN)
        )
    return desk


@pytest.fixture
def planned(store: Store, tmp_path: Path) -> Store:
    desk = MailingDesk(store, tmp_path)
    desk.readers(2)
    plan_version(store, (desk.lists["news"].number,))
    return store


def test_every_delivery_is_told_by_its_number_and_of_nobody_in_particular(sent: MailingDesk, place: Workspace) -> None:
    files = files_of(evidence(sent.store, place))
    ledger = rows(files, "ledger.csv")
    assert [row["delivery"] for row in ledger] == [str(n) for n in range(1, 8)]
    assert [row["outcome"] for row in ledger] == ["accepted", "refused", "accepted", *["uncertain"] * 3, "accepted"]
    assert (ledger[0]["fate"], ledger[0]["fate_reason"]) == ("hard bounce", "no (address)")
    assert ledger[1]["reason"] == "550 <(address)> is unknown, said (address)"
    assert not any(b"reader0" in content for content in files.values())


def test_the_numbers_and_their_sum_are_told(sent: MailingDesk, place: Workspace) -> None:
    numbers = told(files_of(evidence(sent.store, place)), "mailing.json")
    assert (numbers["audience"], numbers["sum"], numbers["sum_holds"], numbers["doubts"]) == (7, 7, True, [])
    assert {name: count for name, count in numbers["outcomes"].items() if count} == {
        "accepted": 3,
        "refused": 1,
        "uncertain": 3,
    }
    assert numbers["fates"] == {"hard bounce": 1}


def test_attempts_are_told_in_their_order(sent: MailingDesk, place: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newsletter.store.evidence._PORTION", 1)
    attempts = rows(files_of(evidence(sent.store, place)), "attempts.csv")
    assert [(row["first_delivery"], row["verdict"]) for row in attempts] == [
        *(("1", "accepted"), ("4", "uncertain"), ("7", "accepted")),
    ]
    assert len({row["attempt"] for row in attempts}) == 3


@ON_ONE
def test_of_a_mailing_without_a_version_it_is_said_what_is_not_known(sent: MailingDesk, place: Workspace) -> None:
    files = files_of(evidence(sent.store, place))
    assert "version.json" not in files
    assert (told(files, "checks.json")["found"], told(files, "sources.json")) == (None, [])
    summary = " ".join(files["summary.txt"].decode().split())
    assert "planned before versions were kept: its sources" in summary
    assert "version.json" not in files["README.txt"].decode().partition("HOW TO CHECK")[0]


def test_whoever_was_erased_is_still_counted(sent: MailingDesk, place: Workspace) -> None:
    before = files_of(evidence(sent.store, place))["ledger.csv"]
    with sent.store.write() as connection:
        connection.execute(update(t.subscribers).values(address=None, first_name="", erased_at=NOW))
    assert files_of(evidence(sent.store, place))["ledger.csv"] == before


@ON_ONE
def test_the_mail_is_shown_with_marks_for_what_is_each_readers_own(planned: Store, place: Workspace) -> None:
    files = files_of(evidence(planned, place))
    page = files["mail/everybody/mail.html"].decode()
    assert "Dear [first_name]" in page
    assert re.search(r'<img src="data:image/png;base64,[\w+/=]+"', page)
    assert "https://news.example.org/u/each-readers-own" in page
    assert files["mail/everybody/mail.txt"] == b"Dear [first_name]\n"
    message = message_from_bytes(files["mail/everybody/mail.eml"], policy=policy.default)
    assert (message["Subject"], message["To"]) == ("Walking, [first_name]", '"[name]" <reader@example.invalid>')
    assert [part.get_content_type() for part in message.walk() if not part.is_multipart()] == [
        *("text/plain", "text/html", "image/png"),
    ]
    assert files[f"images/{PICTURE.name}"] == PICTURE.content


@ON_ONE
def test_what_was_signed_off_can_be_followed_by_hand_down_to_each_file(planned: Store, place: Workspace) -> None:
    sign_off(planned)
    files = files_of(evidence(planned, place))
    [given] = told(files, "approvals.json")
    assert hashlib.sha256(files["version.json"]).hexdigest() == given["fingerprint"] == VERSION.fingerprint
    signed = told(files, "version.json")
    assert hashlib.sha256(files["mail/everybody/rendered.json"]).hexdigest() == signed["variants"][""]
    for one in told(files, "sources.json"):
        if not one["source"].startswith("image"):
            assert hashlib.sha256(files[one["file"]]).hexdigest() == one["sha256"] == signed["sources"][one["source"]]
    assert files["sources/issues/walking/issue.md"].decode() == TEXTS["issues/walking/issue.md"]


@ON_ONE
def test_references_and_disclaimers_are_told_as_readers_saw_them(planned: Store, place: Workspace) -> None:
    files = files_of(evidence(planned, place))
    assert files["mail/everybody/references.txt"].decode() == (
        "1. Smith J. Walking. Knee J. 2020. doi:10.1/x\nhttps://doi.org/10.1/x\n"
    )
    assert told(files, "references.json") == [{"id": "smith2020", "title": "Walking"}]
    assert told(files, "mail/everybody/disclaimers.json") == [
        {"id": "general", "version": "2", "language": "en", "title": "No advice", "text": "Ask your doctor.\n\nAlways."}
    ]


@ON_ONE
def test_who_signed_it_off_stays_told_when_they_take_it_back(planned: Store, place: Workspace) -> None:
    sign_off(planned, withdrawn=True)
    files = files_of(evidence(planned, place))
    [given] = told(files, "approvals.json")
    assert (given["name"], given["roles"], given["comment"]) == ("Ben Boss", ["legal", "medical"], "fine now")
    assert (given["withdrawn_why"], given["of_the_version_of_this_mailing"]) == ("a new study", True)
    assert "withdrawn 2026-12-02 10:00:00: a new study" in " ".join(files["summary.txt"].decode().split())
    assert b"ben@example.org" not in files["approvals.json"]


@ON_ONE
def test_authors_are_told_by_name(planned: Store, place: Workspace) -> None:
    sign_off(planned)
    assert told(files_of(evidence(planned, place)), "mailing.json")["authors"] == ["Ana Writer", "Ben Boss"]


def test_checks_what_was_let_stand_and_corrections_are_told(planned: Store, place: Workspace) -> None:
    with planned.write() as connection:
        connection.execute(update(t.mailings).values(started_at=BEGIN))
        corrections.add(connection, "walking", "It was two weeks.", NOW)
        connection.execute(
            insert(t.mailing_waivers).values(mailing=1, code="x", kind="overridden", reason="it is urgent", count=1)
        )
    files = files_of(evidence(planned, place))
    checks = told(files, "checks.json")
    assert checks["found"][0]["message"] == "there is no date"
    assert checks["let_stand"][0]["reason"] == "it is urgent"
    assert told(files, "corrections.json")[0]["text"] == "It was two weeks."


def test_the_audit_log_is_told_about_the_mailing_and_its_issue_with_its_chain(planned: Store, place: Workspace) -> None:
    with planned.write() as connection:
        for subject in ("mailing 1", "mailing 2", "issue walking", "list news"):
            audit.append(connection, "ana", Action.MAILING_PAUSED, subject, NOW, why="a typo")
    log = told(files_of(evidence(planned, place)), "audit-log.json")
    assert [one["subject"] for one in log["entries"]] == ["mailing 1", "issue walking"]
    newest = log["newest_entry_of_the_whole_log"]["number"]
    assert log["whole_log"] == {"entries": newest, "as_it_was_written": True}
    assert newest > log["entries"][-1]["number"]
    for one in log["entries"]:
        parts = [one[name] for name in ("number", "at", "actor", "action", "subject", "facts", "previous")]
        assert hash_of(json.dumps(parts, ensure_ascii=False, separators=(",", ":"))) == one["hash"]


@ON_ONE
def test_rows_that_were_taken_out_of_the_ledger_are_said_to_be_missing(sent: MailingDesk, place: Workspace) -> None:
    with sent.store.write() as connection:
        connection.execute(delete(t.deliveries).where(t.deliveries.c.n == 3))
    [doubt] = told(files_of(evidence(sent.store, place)), "mailing.json")["doubts"]
    assert "The audience had 7 readers, and 6 deliveries are stored" in doubt


@ON_ONE
def test_a_finished_mailing_has_nothing_before_it(sent: MailingDesk, place: Workspace) -> None:
    with sent.store.write() as connection:
        connection.execute(update(t.mailings).values(state=MailingState.FINISHED))
        connection.execute(update(t.chunks).where(t.chunks.c.first == 1).values(state="planned"))
    [doubt] = told(files_of(evidence(sent.store, place)), "mailing.json")["doubts"]
    assert "finished, and some of its deliveries" in doubt


@ON_ONE
def test_a_version_that_is_gone_is_said_to_be_gone(planned: Store, place: Workspace) -> None:
    material = replace(material_of(planned), version=None)
    assert "Version 1 of the issue, which this mailing names, is not stored any more." in doubts_of(material)


@ON_ONE
def test_a_sign_off_that_the_audit_log_does_not_know_is_no_sign_off(planned: Store, place: Workspace) -> None:
    material = material_of(planned)
    signed = SignedVersion(
        approval=Approval(number=4, version=1, staff=1, name="Ana Ruiz", at=NOW), fingerprint=VERSION.fingerprint
    )
    [doubt] = doubts_of(replace(material, approvals=[signed]))
    assert doubt.startswith("Sign-off 4, of Ana Ruiz, is not in the audit log")
    with planned.write() as connection:
        audit.append(
            connection, "Ana", Action.ISSUE_APPROVED, "issue walking", NOW, fingerprint=VERSION.fingerprint, version=1
        )
    assert doubts_of(replace(material_of(planned), approvals=[signed])) == []


@ON_ONE
def test_a_log_whose_end_is_missing_is_said_to_be(planned: Store, place: Workspace) -> None:
    audit_heads.note(place.audit_heads, Head(number=99, hash="f" * 64, at=NOW), NOW)
    stream = io.BytesIO()
    [doubt] = making.make(planned, place, KEYS, 1, stream, NOW).doubts
    assert "the end was cut off" in doubt


def material_of(store: Store) -> Material:
    with store.read() as connection:
        return read_material(connection, 1)


@ON_ONE
def test_no_secret_is_in_it(planned: Store, place: Workspace) -> None:
    held = replace(place, secrets={"NEWSLETTER_SECRET": "hush-hush", "SENDGRID_API_KEY": "SG.hush-hush"})
    content = evidence(planned, held)
    assert not any(b"hush" in one or b"a secret of the tests" in one for one in files_of(content).values())


@ON_ONE
def test_it_can_be_made_of_a_mailing_in_any_state(planned: Store, place: Workspace) -> None:
    for state in MailingState:
        with planned.write() as connection:
            connection.execute(update(t.mailings).values(state=state, due_at=BEGIN + timedelta(days=1)))
        content = evidence(planned, place)
        assert looked(content).findings == ()
        assert told(files_of(content), "mailing.json")["state"] == state
        assert rows(files_of(content), "ledger.csv") == []


@ON_ONE
def test_the_same_state_gives_the_same_bytes(sent: MailingDesk, place: Workspace) -> None:
    assert evidence(sent.store, place) == evidence(sent.store, place)
    assert evidence(sent.store, place) != evidence(sent.store, place, now=NOW + timedelta(seconds=1))


def test_a_mailing_that_is_not_there_is_said_not_to_be_there(store: Store, place: Workspace) -> None:
    with pytest.raises(MailingNotFound):
        evidence(store, place, 5)


DAMAGES: list[tuple[str, dict[str, Any], str]] = [
    ("versions", {"waivers": []}, "was changed after it was stored"),
    ("source_texts", {"content": "another"}, "stored text of the source"),
    ("rendered", {"content": MAIL.to_json().replace("Dear", "Dare")}, "stored mail for everybody is not the one"),
    ("rendered", {"content": "no JSON"}, "stored mail for everybody is not the one"),
    ("rendered", {"content": "[" * 100_000}, "stored mail for everybody is not the one"),
    ("rendered", {"content": ""}, "is not stored any more"),
    ("mailings", {"audience": 12, "state": "finished"}, "do not add up"),
]


@ON_ONE
def test_what_does_not_hold_in_the_database_is_said(planned: Store, place: Workspace) -> None:
    for table, values, words in DAMAGES:
        with planned.write() as connection:
            connection.execute(update(t.metadata.tables[table]).values(values))
        content = evidence(planned, place)
        files = files_of(content)
        assert words in " ".join(told(files, "mailing.json")["doubts"])
        assert "WHAT DOES NOT HOLD" in files["summary.txt"].decode()
        assert looked(content).findings == ()


def made(store: Store, place: Workspace) -> Looked:
    stream = io.BytesIO()
    making.make(store, place, KEYS, 1, stream, NOW)
    return look(stream)


def test_what_was_made_here_is_known_here(planned: Store, place: Workspace) -> None:
    seen = made(planned, place)
    compared = compare(seen, KEYS, planned)
    assert (compared.seal, compared.log, compared.findings) == (Seal.OURS, Logged.KNOWN, ())
    with planned.read() as connection:
        [entry] = audit.entries(connection, subject="mailing 1")
    assert (entry.action, json.loads(entry.facts)["manifest"]) == ("evidence-made", seen.manifest_sha256)


@ON_ONE
def test_a_secret_that_was_rotated_still_knows_its_seal(planned: Store, place: Workspace) -> None:
    seen = made(planned, place)
    rotated = Keys(["a new one", "a secret of the tests"])
    assert compare(seen, rotated, None).seal is Seal.OURS


@ON_ONE
def test_what_somebody_made_anew_is_found_by_seal_and_log(planned: Store, place: Workspace) -> None:
    stream = io.BytesIO()
    with planned.read() as connection:
        making.write(connection, place, Keys(["a thief's"]), 1, stream, NOW)
    compared = compare(look(stream), KEYS, planned)
    assert (compared.seal, compared.log, len(compared.findings)) == (Seal.NOT_OURS, Logged.UNKNOWN, 2)


@ON_ONE
def test_without_key_and_database_nothing_is_said_of_either(planned: Store, place: Workspace) -> None:
    compared = compare(made(planned, place), None, None)
    assert (compared.seal, compared.log, compared.findings) == (Seal.UNCHECKED, Logged.UNCHECKED, ())


@ON_ONE
def test_evidence_remembers_how_the_log_stood(planned: Store, place: Workspace) -> None:
    seen = made(planned, place)
    assert seen.manifest is not None
    head = seen.manifest.facts["log_head"]
    another = replace(seen.manifest, facts=dict(seen.manifest.facts) | {"log_head": {**head, "hash": "f" * 64}})
    [finding] = compare(replace(seen, manifest=another), KEYS, planned).findings
    assert "another entry stood there" in finding.what


@ON_ONE
def test_a_restored_backup_that_does_not_know_it_yet_is_no_damage(planned: Store, place: Workspace) -> None:
    stream = io.BytesIO()
    with planned.read() as connection:
        making.write(connection, place, KEYS, 1, stream, NOW)
    seen = look(stream)
    assert compare(seen, KEYS, planned).findings
    with planned.write() as connection:
        audit.append(connection, "ana", Action.DATABASE_RESTORED, "database", NOW + timedelta(days=1))
    compared = compare(seen, KEYS, planned)
    assert (compared.findings, compared.log, len(compared.remarks)) == ((), Logged.UNKNOWN, 1)


def test_names_inside_are_safe_and_no_two_alike() -> None:
    labels = [
        "reference a/b",
        "reference a:b",
        "reference A-B",
        "../../x",
        "issues/../x.md",
        "reference ",
        "a\n.md",
        "image y",
    ]
    names = names_of(labels)
    assert set(names) == {*labels} - {"image y"}
    assert all(is_safe(name) and name.startswith("sources/") for name in names.values())
    assert len({name.casefold() for name in names.values()}) == len(names)
