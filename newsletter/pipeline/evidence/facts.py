"""The short files of the evidence: what is known, as JSON for programs."""

from __future__ import annotations

import json
import platform
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from newsletter.pipeline.evidence.naming import names_of, safe
from newsletter.pipeline.evidence.tables import nobodys
from newsletter.pipeline.mailing_facts import mailing_json
from newsletter.pipeline.sources import IMAGE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime
    from pathlib import Path

    from newsletter.pipeline.evidence.material import Material
    from newsletter.settings import Workspace

_PACKAGE = "newsletter-pipeline"
_SETTING = "newsletter.toml "
#: settings of today that say how issues are signed off and mailed; none of them is a secret
_SETTINGS_NOW = {"newsletter", "sender", "theme", "segments", "attributes", "policy", "tracking", "schedule"}


def as_file(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1, default=str) + "\n").encode()


def mailing_facts(material: Material) -> dict[str, Any]:
    one = material.mailing
    told = mailing_json(one, material.tally) | material.more.as_json(one)
    told |= {"reason": nobodys(one.reason), "refused_or_in_doubt": _without_addresses(material.refusals)}
    return told | {
        "real": one.real,
        "version": one.version,
        "version_fingerprint": material.version_fingerprint or None,
        "commit": material.version.commit or None if material.version else None,
        "due_at": _moment(one.due_at),
        "start_by": _moment(one.start_by),
        "local_time": one.local_time or None,
        "scheduled_by": one.scheduled_by or None,
        "held": one.held or None,
        "recurrence": one.recurrence,
        "sent_although_sources_moved_on": one.approved_version,
        "audience_was_meant_to_differ": one.may_differ,
        "authors": authors_of(material),
    }


def _without_addresses(reasons: Mapping[str, int]) -> dict[str, int]:
    told: dict[str, int] = {}
    for words, count in reasons.items():
        told[nobodys(words)] = told.get(nobodys(words), 0) + count
    return told


def authors_of(material: Material) -> list[str]:
    """Names; an address of git is given as the name of the person whom it means."""
    authors = material.version.authors if material.version else ()
    return list(dict.fromkeys(one.name or _named(material, one.email) for one in authors))


def _named(material: Material, email: str) -> str:
    meant = (person.name for person in material.staff if person.is_called(email))
    return next(meant, "somebody whom git knows by an address only")


def check_facts(material: Material, folder: Path) -> dict[str, Any]:
    """What was let stand is known of every mailing; what was found only where its version is. `folder`: the workspace."""
    version = material.version
    return {
        "found": [_within(problem, folder) for problem in version.checks] if version else None,
        "let_stand": [one.as_json() for one in material.more.let_stand],
    }


def _within(problem: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """Its file as it is called within the workspace: where that lies on a disk concerns nobody."""
    file = PurePath(str(problem.get("file", "")))
    return {**problem, "file": file.relative_to(folder).as_posix() if file.is_relative_to(folder) else str(file)}


def approval_facts(material: Material) -> list[dict[str, Any]]:
    return [
        {
            "approval": one.approval.number,
            "name": one.approval.name,
            "roles": list(one.approval.roles),
            "at": one.approval.at.isoformat(),
            "comment": one.approval.comment,
            "version": one.approval.version,
            "fingerprint": one.fingerprint,
            "of_the_version_of_this_mailing": one.approval.version == material.mailing.version,
            "withdrawn_at": _moment(one.approval.withdrawn_at),
            "withdrawn_why": one.approval.withdrawn_why or None,
        }
        for one in material.approvals
    ]


def correction_facts(material: Material) -> list[dict[str, Any]]:
    return [
        {
            "correction": one.number,
            "text": one.text,
            "at": one.at.isoformat(),
            "withdrawn_at": _moment(one.withdrawn_at),
        }
        for one in material.corrections
    ]


def log_facts(material: Material) -> dict[str, Any]:
    """`facts` stay the text that was hashed."""
    entries = [
        {
            "number": one.number,
            "at": one.at.isoformat(),
            "actor": one.actor,
            "action": one.action,
            "subject": one.subject,
            "facts": one.facts,
            "previous": one.previous,
            "hash": one.hash,
        }
        for one in material.log
    ]
    whole = {"entries": material.whole_log.entries, "as_it_was_written": material.whole_log.fault is None}
    return {"whole_log": whole, "newest_entry_of_the_whole_log": head_facts(material), "entries": entries}


def head_facts(material: Material) -> dict[str, Any] | None:
    head = material.whole_log.last
    return {"number": head.number, "at": head.at.isoformat(), "hash": head.hash} if head else None


def source_facts(material: Material) -> list[dict[str, Any]]:
    """Every source with its hash, and where it is in this zip."""
    version = material.version
    names = names_of(material.texts)
    return [
        {
            "source": label,
            "sha256": hash_,
            "file": f"images/{safe(label.removeprefix(IMAGE))}" if label.startswith(IMAGE) else names.get(label),
        }
        for label, hash_ in sorted((version.sources if version else {}).items())
    ]


def setting_facts(material: Material, workspace: Workspace) -> dict[str, Any]:
    stood = {
        label.removeprefix(_SETTING): parsed(text)
        for label, text in material.texts.items()
        if label.startswith(_SETTING)
    }
    now = workspace.settings.model_dump(mode="json", include=_SETTINGS_NOW)
    return {"as_they_stood_in_the_version": stood or None, "when_this_was_made": now}


def parsed(text: str) -> Any:  # noqa: ANN401 - anything that JSON can say
    try:
        return json.loads(text)
    except ValueError:
        return text


def program_facts() -> dict[str, Any]:
    """What made this evidence; the mail itself may have been made by another version, and is not made again."""
    return {"python": platform.python_version(), "packages": dict(_packages())}


def _packages() -> Iterator[tuple[str, str]]:
    names = [line for line in requires(_PACKAGE) or () if "extra ==" not in line]
    for name in sorted({_PACKAGE, *(_bare(line) for line in names)}):
        try:
            yield name, version(name)
        except PackageNotFoundError:
            continue


def _bare(requirement: str) -> str:
    return requirement.split(";", maxsplit=1)[0].split("[", maxsplit=1)[0].rstrip("0123456789.,<>=!~ ").strip()


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
