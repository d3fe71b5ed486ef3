"""What is read from the database for the evidence of a mailing: in one snapshot, and all but its long tables."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from newsletter.model.rendered import Rendered
from newsletter.pipeline.mailing_facts import read_more

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.engine import Connection

    from newsletter.model.audit import Entry, Head
    from newsletter.model.mailing import Mailing, Tally
    from newsletter.model.rendered import ImageFile
    from newsletter.model.staff import StaffMember
    from newsletter.model.version import Version
    from newsletter.pipeline.mailing_facts import More
    from newsletter.signoff.chain import Verified
    from newsletter.store.corrections import Correction
    from newsletter.store.evidence import SignedVersion

_NEWSLETTER = "newsletter.toml [newsletter]"


@dataclass(frozen=True, kw_only=True)
class StoredVariant:
    """`content` are the very characters whose SHA-256 is the fingerprint, empty where they are not stored any more; `rendered`
    is None where they cannot be read.
    """

    name: str
    fingerprint: str
    content: str
    rendered: Rendered | None

    @property
    def folder(self) -> str:
        return self.name or "everybody"


@dataclass(frozen=True, kw_only=True)
class Material:
    mailing: Mailing
    tally: Tally
    #: rows of the ledger, one for each delivery
    deliveries: int
    more: More
    #: words -> how many were refused, or are in doubt, with them
    refusals: Mapping[str, int]
    variants: Sequence[StoredVariant]
    images: Mapping[str, ImageFile]
    #: None of a mailing from before versions were kept
    version: Version | None
    #: what it was called when it was stored
    version_fingerprint: str
    #: label -> text
    texts: Mapping[str, str]
    approvals: Sequence[SignedVersion]
    #: who signs off, those who have left too
    staff: Sequence[StaffMember]
    corrections: Sequence[Correction]
    log: Sequence[Entry]
    #: how the whole log stands, and its newest entry
    whole_log: Verified

    def base_url(self, now: str) -> str:
        """As it was when the mail was made, where that is known; else as it is now."""
        try:
            told: Any = json.loads(self.texts[_NEWSLETTER])["base_url"]
        except (KeyError, ValueError, TypeError):
            return now
        return str(told)


def read_material(connection: Connection, number: int, heads: Sequence[Head] = ()) -> Material:
    """`heads` were noted outside the database. Raises MailingNotFound."""
    from newsletter.signoff.chain import verify
    from newsletter.store import audit, corrections, evidence, mailings, staff

    mailing = mailings.get(connection, number)
    version = _version(connection, mailing)
    variants = _variants(connection, mailing)
    return Material(
        mailing=mailing,
        tally=mailings.tally(connection, number),
        deliveries=evidence.deliveries(connection, number),
        more=read_more(connection, number),
        refusals=mailings.refusals(connection, number),
        variants=variants,
        images=_images(connection, variants),
        version=version,
        version_fingerprint=evidence.stored_fingerprint(connection, version.number) if version else "",
        texts=_texts(connection, version),
        approvals=evidence.approvals(connection, mailing.issue),
        staff=staff.every(connection, removed=True),
        corrections=corrections.every(connection, mailing.issue),
        log=evidence.log_about(connection, [f"mailing {number}", f"issue {mailing.issue}"]),
        whole_log=verify(audit.entries(connection), heads),
    )


def _version(connection: Connection, mailing: Mailing) -> Version | None:
    from newsletter.store import evidence, versions

    number = mailing.version
    return versions.get(connection, number) if number and evidence.stored_fingerprint(connection, number) else None


def _variants(connection: Connection, mailing: Mailing) -> list[StoredVariant]:
    from newsletter.store import evidence

    stored = evidence.contents(connection, set(mailing.variants.values()))
    return [
        StoredVariant(name=name, fingerprint=print_, content=content, rendered=_rendered(content))
        for name, print_ in mailing.variants.items()
        for content in [stored.get(print_, "")]
    ]


def _rendered(content: str) -> Rendered | None:
    try:
        return Rendered.from_json(content)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _images(connection: Connection, variants: Sequence[StoredVariant]) -> dict[str, ImageFile]:
    from newsletter.store import rendered as stored

    names = {name for one in variants if one.rendered for name in one.rendered.images}
    found = ((name, stored.image(connection, name)) for name in sorted(names))
    return {name: image for name, image in found if image}


def _texts(connection: Connection, version: Version | None) -> dict[str, str]:
    from newsletter.store import evidence

    if version is None:
        return {}
    known = evidence.source_texts(connection, set(version.sources.values()))
    return {label: known[hash_] for label, hash_ in version.sources.items() if hash_ in known}
