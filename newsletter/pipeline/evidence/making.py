"""A mailing -> its zip of evidence, and an entry in the audit log that tells its hash."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from newsletter.model.audit import Action
from newsletter.pipeline.evidence.cited import csl_facts, disclaimer_facts, disclaimer_lines, reference_lines
from newsletter.pipeline.evidence.doubts import doubts_of
from newsletter.pipeline.evidence.facts import (
    approval_facts,
    as_file,
    check_facts,
    correction_facts,
    head_facts,
    log_facts,
    mailing_facts,
    program_facts,
    setting_facts,
    source_facts,
)
from newsletter.pipeline.evidence.mails import forms_of, html_of
from newsletter.pipeline.evidence.material import read_material
from newsletter.pipeline.evidence.naming import free, names_of, safe
from newsletter.pipeline.evidence.readme import readme
from newsletter.pipeline.evidence.summary import summary
from newsletter.pipeline.evidence.tables import write_attempts, write_ledger
from newsletter.signoff.evidence.writing import EvidenceZip

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime
    from typing import BinaryIO

    from sqlalchemy.engine import Connection

    from newsletter.keys import Keys
    from newsletter.model.audit import Head
    from newsletter.pipeline.evidence.material import Material, StoredVariant
    from newsletter.settings import Workspace
    from newsletter.store.database import Store


@dataclass(frozen=True, kw_only=True)
class Made:
    mailing: int
    issue: str
    manifest_sha256: str
    files: int
    deliveries: int
    #: what does not hold in the database itself, in words
    doubts: Sequence[str]


def make(store: Store, workspace: Workspace, keys: Keys, number: int, stream: BinaryIO, now: datetime) -> Made:
    """Write the zip into a stream that can be read, too; then log it.

    Raises:
        MailingNotFound
        FileUnreadable: the heads of the audit log are there and cannot be read.
    """
    from newsletter.store import audit, audit_heads

    heads = audit_heads.read(
        workspace.audit_heads, workspace.database_mark
    )  # first: one that is noted meanwhile is in no older snapshot
    with store.read() as connection:
        made = write(connection, workspace, keys, number, stream, now, heads=heads)
    told = {"manifest": made.manifest_sha256, "files": made.files}
    with store.write() as connection:
        audit.note(connection, Action.EVIDENCE_MADE, f"mailing {number}", now, **told)
    return made


def write(
    connection: Connection,
    workspace: Workspace,
    keys: Keys,
    number: int,
    stream: BinaryIO,
    now: datetime,
    *,
    heads: Sequence[Head] = (),
) -> Made:
    """The zip of what this snapshot holds: the same bytes whenever `now` is the same."""
    from newsletter.store import evidence
    from newsletter.store.ledger import exporting

    material = read_material(connection, number, heads)
    doubts = doubts_of(material)
    rows = 0

    def ledger(target: BinaryIO) -> None:
        nonlocal rows
        rows = write_ledger(target, exporting.deliveries(connection, number))

    short = dict(_files(material, workspace, doubts, now))
    long: dict[str, Callable[[BinaryIO], None]] = {
        "ledger.csv": ledger,
        "attempts.csv": partial(write_attempts, attempts=evidence.attempts(connection, number)),
    }
    names = [*short, *long]
    short["README.txt"] = readme(material.mailing, workspace.settings.newsletter.name, names, now).encode()
    zipped = EvidenceZip(stream)
    for name in sorted([*short, *long]):
        if name in long:
            zipped.pour(name, long[name])
        else:
            zipped.add(name, short[name])
    facts = _facts(material, workspace, now) | {"deliveries": rows}
    digest = zipped.finish(facts, keys.evidence_seal)
    return Made(
        mailing=number,
        issue=material.mailing.issue,
        manifest_sha256=digest,
        files=len(short) + len(long),
        deliveries=rows,
        doubts=doubts,
    )


def _facts(material: Material, workspace: Workspace, now: datetime) -> dict[str, Any]:
    """What stands at the top of the manifest."""
    return {
        "newsletter": workspace.settings.newsletter.name,
        "mailing": material.mailing.number,
        "issue": material.mailing.issue,
        "state": material.mailing.state.value,
        "made_at": now.isoformat(),
        "version_fingerprint": material.version_fingerprint or None,
        "log_head": head_facts(material),
    }


def _files(
    material: Material, workspace: Workspace, doubts: Sequence[str], now: datetime
) -> Iterator[tuple[str, bytes]]:
    yield "summary.txt", summary(material, doubts, now).encode()
    yield "mailing.json", as_file(mailing_facts(material) | {"doubts": list(doubts)})
    yield "approvals.json", as_file(approval_facts(material))
    yield "corrections.json", as_file(correction_facts(material))
    yield "audit-log.json", as_file(log_facts(material))
    yield "settings.json", as_file(setting_facts(material, workspace))
    yield "program.json", as_file(program_facts())
    yield "checks.json", as_file(check_facts(material, workspace.folder))
    yield "references.json", as_file(csl_facts(material))
    yield "sources.json", as_file(source_facts(material))
    if material.version:
        yield "version.json", material.version.to_json().encode()
    names = names_of(material.texts)
    yield from ((name, material.texts[label].encode()) for label, name in names.items())
    yield from ((f"images/{safe(name)}", image.content) for name, image in material.images.items())
    base_url = material.base_url(workspace.settings.newsletter.base_url)
    for folder, variant in _folders(material.variants).items():
        yield from _mail(material, variant, folder, base_url)


def _folders(variants: Sequence[StoredVariant]) -> Mapping[str, StoredVariant]:
    taken: set[str] = set()
    return {free(safe(variant.folder), taken): variant for variant in variants}


def _mail(material: Material, variant: StoredVariant, folder: str, base_url: str) -> Iterator[tuple[str, bytes]]:
    yield f"mail/{folder}/rendered.json", variant.content.encode()
    if variant.rendered is None:
        return
    html = html_of(variant.rendered)
    yield f"mail/{folder}/references.txt", reference_lines(variant.rendered, html).encode()
    disclaimers = disclaimer_facts(material, variant.rendered, html)
    yield f"mail/{folder}/disclaimers.json", as_file(disclaimers)
    yield f"mail/{folder}/disclaimers.txt", disclaimer_lines(disclaimers).encode()
    for name, content in forms_of(variant.rendered, material.images, material.mailing, base_url).items():
        yield f"mail/{folder}/{name}", content
