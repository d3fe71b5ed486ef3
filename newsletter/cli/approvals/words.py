"""Versions, approvals and what changed, in words and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from newsletter.cli import show
from newsletter.signoff.rules import ends_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import tzinfo

    from newsletter.model.rendered import Parts
    from newsletter.model.staff import Author
    from newsletter.model.version import Approval, Version
    from newsletter.pipeline.signed_changes import Changed
    from newsletter.settings.schema import PolicySection
    from newsletter.signoff.rules import SignOff

#: lines of one change that a terminal shows; --json has all
_MOST_LINES = 24
_WIDEST = 160


def said(text: str) -> str:
    """What somebody typed, to be kept; a terminal with another alphabet may have made bytes of it that are no text."""
    return text.strip().encode("utf-8", "replace").decode()


def short(fingerprint: str) -> str:
    return fingerprint[:12]


def words_of(parts: Parts) -> str:
    """Subject or preheader as somebody without fields of their own reads it."""
    return "".join(part if isinstance(part, str) else part.fallback for part in parts)


def who(approval: Approval) -> str:
    roles = f" ({', '.join(approval.roles)})" if approval.roles else ""
    return f"{show.clean(approval.name)}{roles}"


def author_in_words(author: Author) -> str:
    return show.clean(
        f"{author.name} <{author.email}>" if author.name and author.email else author.name or author.email
    )


def signed_line(version: Version, sign_off: SignOff, zone: tzinfo) -> str:
    """Such as: version 3 (a1b2c3d4e5f6), by Ana Ruiz (physician) and Ben Lee, until 2026-12-31 09:00 PST."""
    by = " and ".join(who(one) for one in sign_off.approvals) or "nobody"
    until = f", until {show.moment(sign_off.valid_until, zone)}" if sign_off.valid_until else ""
    return f"version {version.number} ({short(version.fingerprint)}), by {by}{until}"


def approval_lines(sign_off: SignOff, given: Iterable[Approval], policy: PolicySection, zone: tzinfo) -> Iterator[str]:
    """Who signed, when, and whether it counts."""
    why = {one.approval.number: one.why for one in sign_off.discounted}
    counted = {one.number for one in sign_off.approvals}
    for one in given:
        ends = ends_at(one, policy)
        if one.number in counted:
            state = f"counts until {show.moment(ends, zone)}" if ends else "counts"
        else:
            state = f"does not count: {show.clean(why.get(one.number, 'signed it again later'))}"
        yield f"{who(one)}, {show.moment(one.at, zone)}: {state}"
        if one.comment:
            yield f"  {show.clean(one.comment)}"


def change_lines(changes: Iterable[Changed]) -> Iterator[str]:
    for one in changes:
        yield f"- {show.clean(one.words)}"
        for line in one.lines[:_MOST_LINES]:
            yield f"    {show.clean(line)[:_WIDEST]}"
        if (more := len(one.lines) - _MOST_LINES) > 0:
            yield f"    ... {more} more {show.plural(more, 'line')}; --json has them all"


def version_json(version: Version) -> dict[str, Any]:
    from newsletter.pipeline.signed_changes import overrides_of

    return {
        "version": version.number or None,
        "issue": version.issue,
        "fingerprint": version.fingerprint,
        "variants": dict(version.variants),
        "sources": dict(version.sources),
        "authors": [author.as_json() for author in version.authors],
        "commit": version.commit,
        "overridden": overrides_of(version),
        "waivers": [waiver.as_json() for waiver in version.waivers],
        "created_at": version.created_at.isoformat(),
    }


def approval_json(approval: Approval) -> dict[str, Any]:
    return {
        "approval": approval.number,
        "version": approval.version,
        "name": approval.name,
        "roles": list(approval.roles),
        "comment": approval.comment,
        "at": approval.at.isoformat(),
        "withdrawn_at": approval.withdrawn_at.isoformat() if approval.withdrawn_at else None,
        "withdrawn_why": approval.withdrawn_why,
    }


def sign_off_json(sign_off: SignOff) -> dict[str, Any]:
    return {
        "holds": sign_off.holds,
        "wanted": sign_off.wanted,
        "approvals": [approval_json(one) for one in sign_off.approvals],
        "missing": list(sign_off.missing),
        "valid_until": sign_off.valid_until.isoformat() if sign_off.valid_until else None,
        "discounted": [approval_json(one.approval) | {"why": one.why} for one in sign_off.discounted],
    }


def changes_json(changes: Sequence[Changed]) -> list[dict[str, object]]:
    return [one.as_json() for one in changes]
