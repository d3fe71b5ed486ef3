"""What does not hold in the database itself: evidence must not hide it, so it is said in the evidence."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from newsletter.model.audit import Action
from newsletter.model.mailing import MailingState, Outcome
from newsletter.pipeline.sources import IMAGE, hash_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.model.audit import Entry
    from newsletter.pipeline.evidence.material import Material


#: of these something is still to come
_OPEN = (Outcome.PLANNED, Outcome.IN_FLIGHT)


def doubts_of(material: Material) -> list[str]:
    """In words, a sentence each; empty when all is well."""
    return [
        *_bytes(material),
        *_version(material),
        *_sources(material),
        *_sign_offs(material),
        *_log(material),
        *_sum(material),
    ]


def _bytes(material: Material) -> Iterator[str]:
    for one in material.variants:
        if not one.content:
            yield f"The mail for {one.folder} is not stored any more: it was {one.fingerprint}."
        elif hashlib.sha256(one.content.encode()).hexdigest() != one.fingerprint:
            yield f"The stored mail for {one.folder} is not the one that its fingerprint {one.fingerprint} stands for."
        elif one.rendered is None:
            yield f"The stored mail for {one.folder} cannot be read by this version of the program."
    for name in sorted({n for one in material.variants if one.rendered for n in one.rendered.images}):
        if name not in material.images:
            yield f"The image {name} is not stored any more."


def _version(material: Material) -> Iterator[str]:
    version = material.version
    if version is None:
        if number := material.mailing.version:
            yield f"Version {number} of the issue, which this mailing names, is not stored any more."
        return
    if version.fingerprint != material.version_fingerprint:
        yield (
            f"Version {version.number} of the issue was changed after it was stored: it was {material.version_fingerprint}, "
            f"now it is {version.fingerprint}."
        )
    if dict(version.variants) != dict(material.mailing.variants):
        yield f"The mails of this mailing are not those of version {version.number} of the issue, which it names."


def _sources(material: Material) -> Iterator[str]:
    for label, hash_ in (material.version.sources if material.version else {}).items():
        if label.startswith(IMAGE):
            continue
        if label not in material.texts:
            yield f"The source {label} is not stored any more."
        elif hash_of(material.texts[label]) != hash_:
            yield f"The stored text of the source {label} was changed."


def _sign_offs(material: Material) -> Iterator[str]:
    """Whoever signs leaves an entry in the audit log at the same moment; names may change."""
    logged = {(one.at, _fingerprint(one)) for one in material.log if one.action == Action.ISSUE_APPROVED}
    for one in material.approvals:
        if (one.approval.at, one.fingerprint) not in logged:
            yield (
                f"Sign-off {one.approval.number}, of {one.approval.name}, is not in the audit log: it was put into the database "
                "or changed there."
            )


def _fingerprint(entry: Entry) -> str:
    try:
        return str(json.loads(entry.facts)["fingerprint"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return ""


def _log(material: Material) -> Iterator[str]:
    if fault := material.whole_log.fault:
        yield f"The audit log is not as it was written: entry {fault.entry}: {fault.why}. See: newsletter log verify"


def _sum(material: Material) -> Iterator[str]:
    if not material.tally.holds:
        yield "The outcomes do not add up to the audience. See: newsletter db check"
    if material.deliveries != material.tally.audience:
        yield (
            f"The audience had {material.tally.audience:,} readers, and {material.deliveries:,} deliveries are stored: rows were "
            "taken out of the database, or put in."
        )
    if material.mailing.state is MailingState.FINISHED and any(material.tally[one] for one in _OPEN):
        yield "The mailing is finished, and some of its deliveries are told to be still before them. See: newsletter db check"
