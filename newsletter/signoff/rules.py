"""Whether an issue is signed off: which approvals count, what is missing, until when it holds. Decides only."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from newsletter.model.staff import Author, StaffMember
    from newsletter.model.version import Approval
    from newsletter.settings.schema import PolicySection

#: an author as git writes one
_NAME_AND_ADDRESS = re.compile(r"\s*(.*?)\s*<([^<>]*)>\s*")

#: the machine where somebody signs, and the one that sends
_CLOCKS_DIFFER = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class Discounted:
    """An approval that does not count, and why, in words that go on after its person's name."""

    approval: Approval
    why: str


@dataclass(frozen=True, kw_only=True)
class SignOff:
    """`approvals` are those that count, the oldest first; of each person the newest."""

    wanted: int
    approvals: tuple[Approval, ...] = ()
    #: what is missing, in words; empty: it is signed off
    missing: tuple[str, ...] = ()
    #: when it stops to hold, None: never, or it does not hold now
    valid_until: datetime | None = None
    discounted: tuple[Discounted, ...] = ()

    @property
    def holds(self) -> bool:
        return not self.missing

    @property
    def why_void(self) -> str:
        """What is missing, and which approvals do not count, in one line; empty where it holds."""
        if self.holds:
            return ""
        return "; ".join(dict.fromkeys((*self.missing, *(f"{one.approval.name} {one.why}" for one in self.discounted))))


def is_asked(policy: PolicySection) -> bool:
    """Whether issues have to be signed off at all. Roles alone ask for it too: somebody must have them."""
    return bool(policy.approvals or policy.approver_roles)


def judge(
    approvals: Sequence[Approval],
    people: Mapping[int, StaffMember],
    authors: Iterable[Author],
    policy: PolicySection,
    now: datetime,
    *,
    at_least: int = 0,
) -> SignOff:
    """How the sign-off of one version stands, from all approvals of it that were ever given.

    `at_least`: so many are wanted whatever the policy says.
    """
    wanted = max(policy.approvals, at_least, 1 if policy.approver_roles else 0)
    wrote = set() if policy.author_may_approve else {one.number for one in writers(people.values(), authors)}
    in_order = sorted(approvals, key=lambda one: (one.at, one.number))
    why = {one.number: _why_not(one, people.get(one.staff), wrote, policy, now) for one in in_order}
    newest = {one.staff: one for one in in_order if not why[one.number]}
    counted = [one for one in in_order if newest.get(one.staff) is one]
    missing = tuple(_missing(counted, policy, wanted))
    return SignOff(
        wanted=wanted,
        approvals=tuple(counted),
        missing=missing,
        valid_until=None if missing else _until(counted, policy, wanted),
        discounted=tuple(Discounted(approval=one, why=why[one.number]) for one in in_order if why[one.number]),
    )


def ends_at(approval: Approval, policy: PolicySection) -> datetime | None:
    """When an approval runs out; None: never."""
    return approval.at + timedelta(days=policy.approval_days) if policy.approval_days else None


def writers(people: Iterable[StaffMember], authors: Iterable[Author]) -> list[StaffMember]:
    """Who of the people wrote it, by any name or address that they are known by."""
    called = [name for author in authors for name in _names_of(author)]
    return [person for person in people if any(person.is_called(text) for text in called)]


def _names_of(author: Author) -> Iterator[str]:
    """`Ana Ruiz <ana@example.org>` names her twice; characters that nobody sees make nobody else of her."""
    for text in (author.name, author.email):
        seen = "".join(one for one in unicodedata.normalize("NFKC", text) if unicodedata.category(one) != "Cf")
        found = _NAME_AND_ADDRESS.fullmatch(seen)
        yield from filter(str.strip, (text, seen, *(found.groups() if found else ())))


def unknown_authors(people: Sequence[StaffMember], authors: Iterable[Author]) -> list[Author]:
    """Authors who are none of the people: nobody can say which of them that is."""
    return [author for author in authors if not writers(people, [author])]


def _why_not(
    approval: Approval, person: StaffMember | None, wrote: set[int], policy: PolicySection, now: datetime
) -> str:
    """Why an approval does not count; empty where it does."""
    if approval.withdrawn_at:
        return f"withdrew their signature ({approval.withdrawn_why})"
    if person is None or (person.removed_at and person.removed_at <= now):
        return "is no longer among the people who sign"
    if approval.staff in wrote:
        return "is an author of it"
    if approval.at > now + _CLOCKS_DIFFER:
        return "signed it at a time that has not come yet"
    ends = ends_at(approval, policy)
    if ends and now >= ends:
        return f"signed more than {policy.approval_days} days ago"
    return ""


def _missing(counted: Sequence[Approval], policy: PolicySection, wanted: int) -> Iterator[str]:
    if lacking := wanted - len(counted):
        if lacking > 0 and not counted:
            yield f"nobody has signed it, and {_people(wanted)} must" if wanted > 1 else "nobody has signed it"
        elif lacking > 0:
            yield f"{_people(lacking)} more must sign it"
    held = {role for one in counted for role in one.roles}
    for role in policy.approver_roles:
        if role not in held:
            yield f"nobody with the role {role} has signed it"


def _people(count: int) -> str:
    return "1 person" if count == 1 else f"{count} people"


def _until(counted: Sequence[Approval], policy: PolicySection, wanted: int) -> datetime | None:
    """The first moment at which too few are left."""
    ends = {one.number: ends_at(one, policy) for one in counted}
    for moment in sorted({end for end in ends.values() if end}):
        left = [one for one in counted if (end := ends[one.number]) is None or end > moment]
        if any(_missing(left, policy, wanted)):
            return moment
    return None
