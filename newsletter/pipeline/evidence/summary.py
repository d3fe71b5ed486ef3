"""summary.txt: the facts of a mailing in plain words."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from newsletter.model.mailing import Outcome
from newsletter.pipeline.evidence.facts import authors_of
from newsletter.pipeline.evidence.mails import subject_of
from newsletter.pipeline.evidence.tables import nobodys
from newsletter.pipeline.evidence.wording import folded, moment

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from newsletter.model.audit import Entry
    from newsletter.pipeline.evidence.material import Material
    from newsletter.store.evidence import SignedVersion

#: what stands of each outcome, for people who do not know the word
_OUTCOMES = {
    Outcome.PLANNED: "not handed over yet",
    Outcome.IN_FLIGHT: "being handed over at this moment",
    Outcome.ACCEPTED: "the mail provider took it",
    Outcome.REFUSED: "the mail provider refused it",
    Outcome.EXCLUDED: "not sent to this reader, on purpose",
    Outcome.UNCERTAIN: "nobody can say whether it was taken",
    Outcome.CANCELLED: "stopped before it was handed over",
}


def summary(material: Material, doubts: Sequence[str], now: datetime) -> str:
    parts = [
        *_head(material, now),
        *_section("WHAT DOES NOT HOLD", [_item(one) for one in doubts]),
        *_section("THE MAIL", _mails(material)),
        *_section("WHO SIGNED IT OFF", _approvals(material)),
        *_section("WHAT THE CHECKS FOUND", _checks(material)),
        *_section("WHAT BECAME OF IT", _numbers(material)),
        *_section("CORRECTIONS", _corrections(material)),
        *_section(
            "WHO DID WHAT (the audit log)", [_logged(one) for one in material.log] or ["  nothing is logged of it"]
        ),
    ]
    return "\n".join(parts) + "\n"


def _head(material: Material, now: datetime) -> Iterator[str]:
    one = material.mailing
    yield f"Mailing {one.number}: issue {one.issue}"
    yield f"as known {moment(now)}; all times in UTC"
    yield ""
    yield f"  state       {one.state.value}{f' ({nobodys(one.reason)})' if one.reason else ''}"
    yield f"  lists       {', '.join(one.lists) or 'none'}"
    for name, values in (("segments", one.segments), ("left out", one.excepted)):
        if values:
            yield f"  {name:<11} {', '.join(values)}"
    for name, at in (
        *(("planned", one.created_at), ("due", one.due_at), ("begun", one.started_at), ("ended", one.finished_at)),
        ("not after", one.latest_at),
    ):
        if at:
            yield f"  {name:<11} {moment(at)}"
    yield f"  through     {one.sender}{_reality(one.real)}"
    if one.scheduled_by:
        yield f"  planned by  {one.scheduled_by}"
    if one.local_time:
        yield f"  local time  {one.local_time}, where each reader is"
    if one.again:
        yield f"  again       {one.again}"
    if one.held:
        yield f"  held        {one.held}"


def _reality(real: bool | None) -> str:
    if real is None:
        return " (whether that reaches people was not kept then)"
    return "" if real else " (a rehearsal: no mail left the machine)"


def _mails(material: Material) -> Iterator[str]:
    for one in material.variants:
        yield f"  {one.folder}: {subject_of(one.rendered) if one.rendered else 'cannot be read'}"
        yield f"    fingerprint {one.fingerprint}"
        if one.rendered:
            yield f"    references: {len(one.rendered.references)}, disclaimers: {', '.join(one.rendered.disclaimers) or 'none'}"
    version = material.version
    if version is None:
        yield _item(
            "It was planned before versions were kept: its sources, what the checks found, its authors and its "
            "commit are not known."
        )
        return
    yield f"  version {version.number} of the issue, kept {moment(version.created_at)}"
    yield f"    fingerprint {version.fingerprint}"
    yield f"  git commit  {version.commit or 'not known'}{' (+: files were changed since)' if '+' in version.commit else ''}"
    yield f"  authors     {', '.join(authors_of(material)) or 'not known'}"
    if material.mailing.approved_version:
        yield _item("It was sent as signed off, although its sources had moved on since.")


def _approvals(material: Material) -> Iterator[str]:
    own = [one for one in material.approvals if one.approval.version == material.mailing.version]
    for one in own:
        yield _approval(one)
    if not own:
        yield "  nobody: no sign-off of this version is kept"
    if others := [one for one in material.approvals if one not in own]:
        yield "  of other versions of the issue:"
        yield from (_approval(one) for one in others)


def _approval(one: SignedVersion) -> str:
    given = one.approval
    words = f"{given.name} ({', '.join(given.roles) or 'no role'}), {moment(given.at)}, version {given.version}"
    if given.comment:
        words += f': "{given.comment}"'
    if given.withdrawn_at:
        words += f"; withdrawn {moment(given.withdrawn_at)}{f': {given.withdrawn_why}' if given.withdrawn_why else ''}"
    return _item(words)


def _checks(material: Material) -> Iterator[str]:
    version = material.version
    if version is None:
        yield "  not known"
    elif not version.checks:
        yield "  nothing that was not let stand"
    for problem in version.checks if version else ():
        yield _item(f"{problem.get('level', '')} {problem.get('code', '')}: {problem.get('message', '')}")
    for one in material.more.let_stand:
        yield _item(f"{one.kind.value}: {one.count} x {one.code}, because: {one.reason}")


def _numbers(material: Material) -> Iterator[str]:
    tally = material.tally
    if material.mailing.started_at is None:
        yield "  it has not begun, and nobody was chosen yet to get it"
        return
    for outcome in Outcome:
        if tally[outcome]:
            yield f"  {outcome.value:<10} {tally[outcome]:>10,}  {_OUTCOMES[outcome]}"
        if outcome is Outcome.EXCLUDED:
            yield from (f"    of them {reason}: {count:,}" for reason, count in sorted(tally.exclusions.items()))
    holds = "" if tally.holds else "  (the sum does not hold)"
    yield f"  {'audience':<10} {tally.audience:>10,}  the sum of all of these{holds}"
    if fates := material.more.fates:
        yield "  reported since of those accepted:"
        yield from (f"    {fate.value:<13} {count:>10,}" for fate, count in fates.items())
    else:
        yield "  nothing was reported of them since"


def _corrections(material: Material) -> Iterator[str]:
    for one in material.corrections:
        withdrawn = f" (withdrawn {moment(one.withdrawn_at)})" if one.withdrawn_at else ""
        yield _item(f"{moment(one.at)}{withdrawn}: {' '.join(one.text.split())}")
    if not material.corrections:
        yield "  none"


def _logged(entry: Entry) -> str:
    return _item(f"{entry.number}. {moment(entry.at)} {entry.actor}: {entry.action} {entry.subject}{_facts(entry)}")


def _facts(entry: Entry) -> str:
    """Such as: (comment: checked the doses; version: 2)."""
    try:
        told = json.loads(entry.facts)
        words = "; ".join(f"{name}: {_words(one)}" for name, one in told.items() if one not in ("", None, [], {}))
    except (ValueError, AttributeError):
        words = entry.facts
    return f" ({words})" if words else ""


def _words(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _section(title: str, lines: Iterator[str] | Sequence[str]) -> Iterator[str]:
    told = list(lines)
    if told:
        yield from ("", title, "")
        yield from told


def _item(words: str) -> str:
    return folded(words, "  - ", "    ")
