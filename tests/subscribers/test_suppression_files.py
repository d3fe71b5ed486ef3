"""Files of people who must not be mailed, from the disk into the store, and back."""

from __future__ import annotations

import csv
import io
import zipfile
from itertools import islice
from typing import TYPE_CHECKING

import pytest

from newsletter.errors import FileUnreadable
from newsletter.model.subscriber import Suppression, SuppressionReason
from newsletter.model.suppressing import SuppressedIdentity
from newsletter.store import suppressions
from newsletter.store.suppressions.many import StoredSuppressions
from newsletter.subscribers.suppressions import importing as suppression_import
from newsletter.subscribers.suppressions.exporting import WRITERS
from newsletter.subscribers.suppressions.importing import import_suppressions
from newsletter.subscribers.suppressions.kinds import ReasonNeeded
from tests.support.readers import KEYS, NOW, hash_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from newsletter.model.suppressing import SuppressionReport
    from newsletter.store.database import Store

BOUNCES = """\
status,reason,email,created
5.1.1,"550 5.1.1 ""no such user"", sorry
try another",Ada@Example.org,1700000000
4.2.2,mailbox full,bob@example.org,1700000001
5.1.1,again,ada@example.org,1700000002
5.1.1,unknown,not an address,1700000003
"""


def import_(
    store: Store,
    file: Path,
    *,
    reason: SuppressionReason | None = None,
    dry_run: bool = False,
    key: str = "ourkey",
) -> tuple[SuppressionReport, ...]:
    return import_suppressions(
        file,
        reason=reason,
        store=StoredSuppressions(store),
        identity_hash=KEYS.identity_hash,
        key=key,
        now=NOW,
        dry_run=dry_run,
    )


def written(folder: Path, name: str, text: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def suppressed(store: Store) -> dict[str | None, SuppressionReason]:
    with store.read() as connection:
        return {row.identity: row.suppression.reason for row in suppressions.stream(connection)}


def test_every_row_of_a_file_is_accounted_for(store: Store, tmp_path: Path) -> None:
    (report,) = import_(store, written(tmp_path, "suppression_bounces.csv", BOUNCES))
    assert (report.kind, report.rows, report.new, report.repeated) == ("SendGrid bounces", 4, 1, 1)
    assert list(report.passed_over.values()) == [1]
    assert [(entry.line, "not an email address" in entry.reason) for entry in report.rejected] == [(6, True)]
    assert suppressed(store) == {"ada@example.org": SuppressionReason.HARD_BOUNCE}


def test_the_same_file_again_changes_nothing(store: Store, tmp_path: Path) -> None:
    file = written(tmp_path, "suppression_bounces.csv", BOUNCES)
    import_(store, file)
    (again,) = import_(store, file)
    assert (again.new, again.already, again.graver) == (0, 1, 0)
    with store.read() as connection:
        assert len(suppressions.events_of(connection, hash_of("ada@example.org"))) == 1


def test_a_dry_run_counts_alike_and_changes_nothing(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(suppression_import, "BATCH", 1)  # a person's rows fall into two batches
    file = written(tmp_path, "suppression_bounces.csv", BOUNCES)
    foreseen = import_(store, file, dry_run=True)
    assert suppressed(store) == {}
    assert import_(store, file) == foreseen


@pytest.mark.parametrize(
    "content",
    [
        b"ada@example.org\nbob@example.org\n",
        b"\xef\xbb\xbfada@example.org\r\n\r\nbob@example.org",
        b"Name;E-Mail\nJ\xfcrgen;ada@example.org\nAda;bob@example.org\n",
        "Name\tE-Mail\nAda\tada@example.org\nBob\tbob@example.org\n".encode("utf-16"),
    ],
)
def test_a_plain_list_of_addresses_needs_only_a_reason(store: Store, tmp_path: Path, content: bytes) -> None:
    file = written(tmp_path, "do-not-mail.txt", content)
    with pytest.raises(ReasonNeeded, match="--reason"):
        import_(store, file)
    (report,) = import_(store, file, reason=SuppressionReason.BY_HAND)
    assert (report.rows, report.new, report.rejected) == (2, 2, [])
    assert set(suppressed(store)) == {"ada@example.org", "bob@example.org"}


def test_of_a_mailchimp_zip_only_those_who_are_out_are_taken(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "audience.zip"
    with zipfile.ZipFile(file, "w") as archive:
        for name in ("subscribed", "unsubscribed", "cleaned"):
            table = f"Email Address,First Name\n{name}@example.org,Ada\n"
            archive.writestr(f"{name}_email_audience_export_0a1b2c.csv", table)
    reports = import_(store, file)
    assert sorted(bool(report.left_out) for report in reports) == [False, False, True]
    assert suppressed(store) == {
        "unsubscribed@example.org": SuppressionReason.LEFT_EVERYTHING,
        "cleaned@example.org": SuppressionReason.HARD_BOUNCE,
    }


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("suppression_bounces.csv", "status,reason,email,created\n", "it names nobody"),
        ("suppression_bounces.csv", "", "empty"),
        ("suppression_bounces.csv", "a,b\n1,2\n", "call it `email`"),
        ("subscribed_email_audience_export_0a1b.csv", "Email Address\nada@example.org\n", "are subscribed"),
    ],
)
def test_a_file_that_cannot_be_meant_is_refused(store: Store, tmp_path: Path, name: str, text: str, words: str) -> None:
    with pytest.raises((FileUnreadable, ReasonNeeded), match=words):
        import_(store, written(tmp_path, name, text))
    assert suppressed(store) == {}


def rows() -> Iterator[SuppressedIdentity]:
    for reason, person in (
        (SuppressionReason.COMPLAINT, "=ada@example.org"),
        (SuppressionReason.ERASED, None),
        (SuppressionReason.BY_HAND, "bob@example.org"),
    ):
        found = Suppression(reason=reason, source="by hand: +1; @cmd", at=NOW)
        yield SuppressedIdentity(
            identity_hash=hash_of(person or "gone@example.org"), identity=person, suppression=found
        )


def test_what_is_exported_is_imported_again(store: Store, tmp_path: Path) -> None:
    stream = io.BytesIO()
    assert WRITERS["csv"](stream, rows(), "ourkey") == (3, 1)
    assert not any(
        cell.startswith(("=", "+", "@")) for row in csv.reader(stream.getvalue().decode().splitlines()) for cell in row
    )
    (report,) = import_(store, written(tmp_path, "ours.csv", stream.getvalue()))
    assert (report.new, report.rejected_rows) == (3, 0)
    with store.read() as connection:
        assert sorted(suppressions.stream(connection), key=str) == sorted(rows(), key=str)


def test_another_provider_gets_addresses_and_nothing_else() -> None:
    stream = io.BytesIO()
    assert WRITERS["addresses"](stream, rows(), "ourkey") == (2, 1)
    assert stream.getvalue().decode().split() == ["email", "=ada@example.org", "bob@example.org"]


def test_an_export_takes_no_more_memory_for_more_people() -> None:
    """Rows are written as they come: the source is asked for the next one only then."""
    asked = []

    def source() -> Iterator[SuppressedIdentity]:
        for row in islice(rows(), 2):
            asked.append(stream.tell())
            yield row

    stream = io.BytesIO()
    WRITERS["json"](stream, source(), "ourkey")
    assert asked[0] < asked[1]
