"""What somebody is asked to sign, on one screen."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from newsletter.cli import show
from newsletter.cli.approvals.words import author_in_words, change_lines, short, who, words_of
from newsletter.signoff.rules import is_asked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.model.rendered import Rendered
    from newsletter.model.staff import StaffMember
    from newsletter.pipeline.approving import ToSign
    from newsletter.settings import Workspace

_INDENT = " " * 12


def lines_of(this: ToSign, person: StaffMember, place: Workspace) -> Iterator[str]:
    yield from show.problem_lines(this.prepared.problems)
    for line in _lines(this, person, place):
        yield show.folded(show.clean(line), _INDENT)
    if this.before:
        yield f"Changed since version {this.before.number} was signed:"
        yield from (f"  {line}" for line in change_lines(this.changes))


def _lines(this: ToSign, person: StaffMember, place: Workspace) -> Iterator[str]:
    version, form = this.version, this.prepared
    zone = ZoneInfo(place.settings.newsletter.timezone)
    yield f"Issue       {version.issue}"
    for rendered in form.variants:
        yield from _variant(rendered, many=len(form.variants) > 1)
    yield f"Fingerprint {short(version.fingerprint)}" + (f" (version {version.number})" if version.number else "")
    written = ", ".join(map(author_in_words, version.authors)) or "nobody says"
    yield f"Written by  {written}" + ("" if this.git_knows else " (not in git: only `authors` in the issue tell)")
    if this.unknown and not place.settings.policy.author_may_approve:
        names = ", ".join(map(author_in_words, this.unknown))
        yield (
            f"{_INDENT}None of the people is called {names}: if somebody is, say so "
            "(newsletter people edit NAME --also), or they could sign their own text."
        )
    yield from _commit(version.commit)
    yield f"Checks      {show.count_line(form.problems)}"
    yield from (f"{_INDENT}{line}" for line in show.waiver_lines(version.waivers))
    for one in this.sign_off.approvals:
        again = "; this renews it" if one.staff == person.number else ""
        yield f"Signed by   {who(one)}, {show.moment(one.at, zone)}{again}"
    if not is_asked(place.settings.policy):
        yield "Policy      policy.approvals is 0: nothing waits for this signature."


def _variant(rendered: Rendered, *, many: bool) -> Iterator[str]:
    if many:
        yield f"Variant     {rendered.variant or 'everybody else'}"
    yield f"Subject     {words_of(rendered.subject)}"
    yield f"Preheader   {words_of(rendered.preheader) or 'none'}"
    yield f"From        {rendered.from_name} <{rendered.from_address}>"
    yield f"References  {len(rendered.references)}" + (
        f": {', '.join(rendered.references)}" if rendered.references else ""
    )
    yield f"Disclaimers {', '.join(rendered.disclaimers) or 'none'}"
    if rendered.images:
        yield f"Pictures    {len(rendered.images)}"


def _commit(commit: str) -> Iterator[str]:
    if commit:
        since = ", with changes that are not committed" if commit.endswith("+") else ""
        yield f"Commit      {commit.removesuffix('+')[:12]}{since}"
