"""Which approvals count, what is missing, and until when a sign-off holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.model.staff import Author, StaffMember
from newsletter.model.version import Approval
from newsletter.settings.schema import PolicySection
from newsletter.signoff.rules import is_asked, judge, unknown_authors, writers

if TYPE_CHECKING:
    from newsletter.signoff.rules import SignOff

NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
NAMES = ("Ana Ruiz", "Ben Lee", "Cem Kaya", "Dora Maar")
ROLES = ("physician", "editor")


def person(number: int, *roles: str, aliases: tuple[str, ...] = (), removed_at: datetime | None = None) -> StaffMember:
    name = NAMES[number - 1]
    return StaffMember(
        number=number,
        name=name,
        email=f"{name.split()[0].lower()}@example.org",
        roles=roles,
        aliases=aliases,
        created_at=NOW - 900 * DAY,
        removed_at=removed_at,
    )


def approval(number: int, staff: int, *roles: str, days_ago: float = 0, withdrawn: bool = False) -> Approval:
    return Approval(
        number=number,
        version=1,
        staff=staff,
        name=NAMES[staff - 1],
        roles=roles,
        at=NOW - days_ago * DAY,
        withdrawn_at=NOW if withdrawn else None,
        withdrawn_why="wrong dose" if withdrawn else "",
    )


PEOPLE = {number: person(number) for number in (1, 2, 3, 4)}
TWO = PolicySection(approvals=2, approval_days=30)


def judged(
    *approvals: Approval, policy: PolicySection = TWO, by: tuple[Author, ...] = (), now: datetime = NOW
) -> SignOff:
    return judge(approvals, PEOPLE, by, policy, now)


def test_nobody_is_asked_where_policy_wants_nobody() -> None:
    assert not is_asked(PolicySection())
    assert judged(policy=PolicySection()).holds
    assert is_asked(PolicySection(approver_roles=("physician",)))  # somebody must have the role
    assert not judged(policy=PolicySection(approver_roles=("physician",))).holds


def test_so_many_people_must_sign_and_each_counts_once() -> None:
    assert judged().missing == ("nobody has signed it, and 2 people must",)
    assert judged(policy=PolicySection(approvals=1)).missing == ("nobody has signed it",)
    assert judged(approval(1, 1), approval(2, 1)).missing == ("1 person more must sign it",)
    both = judged(approval(1, 1), approval(2, 2), approval(3, 1))
    assert (both.holds, [one.number for one in both.approvals]) == (True, [2, 3])


def test_each_role_is_asked_for_and_one_person_may_have_several() -> None:
    policy = PolicySection(approvals=2, approver_roles=ROLES)
    assert judged(approval(1, 1, "physician"), approval(2, 2), policy=policy).missing == (
        "nobody with the role editor has signed it",
    )
    assert judged(approval(1, 1, "editor", "physician"), approval(2, 2), policy=policy).holds


def test_what_was_withdrawn_does_not_count_and_the_reason_is_told() -> None:
    found = judged(approval(1, 1), approval(2, 2, withdrawn=True))
    assert found.why_void == "1 person more must sign it; Ben Lee withdrew their signature (wrong dose)"
    assert judged(approval(1, 1), approval(2, 2, withdrawn=True), approval(3, 2)).holds


def test_who_has_left_does_not_count_from_that_moment() -> None:
    people = PEOPLE | {2: person(2, removed_at=NOW)}
    signed = (approval(1, 1), approval(2, 2))
    assert not judge(signed, people, (), TWO, NOW).holds
    assert judge(signed, people, (), TWO, NOW - timedelta(seconds=1)).holds


@pytest.mark.parametrize(
    "by",
    [
        Author(name="ana  RUIZ"),
        Author(email="Ana@Example.org"),
        Author(name="A. R.", email="ana@example.org"),
        Author(name="Ana Ruiz <someone@example.com>"),
        Author(name="A. R. <ana@example.org>"),
        Author(name="Ana\u200b Ruiz"),
        Author(name="\uff21na Ruiz"),
    ],
)
def test_an_author_does_not_count_by_any_name_unless_policy_lets_them(by: Author) -> None:
    signed = (approval(1, 1), approval(2, 2))
    assert "Ana Ruiz is an author of it" in judged(*signed, by=(by,)).why_void
    assert judged(*signed, by=(by,), policy=TWO.model_copy(update={"author_may_approve": True})).holds
    assert judged(*signed, by=(Author(name="Somebody Else"), Author())).holds


def test_an_author_is_known_by_a_further_name_and_others_are_told() -> None:
    known = person(1, aliases=("aruiz", "ana.ruiz@example.com"))
    authors = [Author(name="aruiz"), Author(email="ana.ruiz@example.com"), Author(name="Nobody Known")]
    assert writers([known], authors[:1]) == writers([known], authors[1:2]) == [known]
    assert unknown_authors([known], authors) == authors[2:]


def test_it_holds_until_the_first_signature_that_is_needed_runs_out() -> None:
    found = judged(approval(1, 1, days_ago=20), approval(2, 2, days_ago=5))
    assert found.valid_until == NOW + 10 * DAY
    spare = judged(approval(1, 1, days_ago=20), approval(2, 2, days_ago=5), approval(3, 3))
    assert spare.valid_until == NOW + 25 * DAY
    late = judged(approval(1, 1, days_ago=30), approval(2, 2))
    assert "Ana Ruiz signed more than 30 days ago" in late.why_void


def test_without_days_it_holds_for_ever() -> None:
    policy = PolicySection(approvals=1, approval_days=0)
    found = judged(approval(1, 1, days_ago=5000), policy=policy)
    assert (found.holds, found.valid_until) == (True, None)


_given = st.builds(
    approval,
    st.just(0),
    st.integers(1, 4),
    days_ago=st.integers(0, 40),
    withdrawn=st.booleans(),
)
_approvals = st.lists(st.tuples(_given, st.sets(st.sampled_from(ROLES))), max_size=7).map(
    lambda found: [
        replace(one, number=number, roles=tuple(sorted(roles))) for number, (one, roles) in enumerate(found, 1)
    ]
)
_policies = st.builds(
    PolicySection,
    approvals=st.integers(0, 3),
    approver_roles=st.lists(st.sampled_from(ROLES), unique=True).map(tuple),
    author_may_approve=st.booleans(),
    approval_days=st.sampled_from([0, 1, 30]),
)
_authors = st.lists(st.sampled_from([Author(name=name) for name in NAMES]), max_size=2).map(tuple)


@given(_approvals, _policies, _authors)
def test_what_holds_is_signed_by_so_many_others_with_these_roles(
    approvals: list[Approval], policy: PolicySection, by: tuple[Author, ...]
) -> None:
    found = judged(*approvals, policy=policy, by=by)
    signers = [one.staff for one in found.approvals]
    wrote = {author.name for author in by}
    assert len(set(signers)) == len(signers)
    assert not any(one.withdrawn_at for one in found.approvals)
    assert policy.author_may_approve or not wrote & {one.name for one in found.approvals}
    assert found.holds == (
        len(signers) >= max(policy.approvals, bool(policy.approver_roles))
        and set(policy.approver_roles) <= {role for one in found.approvals for role in one.roles}
    )
    assert bool(found.why_void) != found.holds


@given(_approvals, _policies, _authors)
def test_it_holds_up_to_its_end_and_no_longer(
    approvals: list[Approval], policy: PolicySection, by: tuple[Author, ...]
) -> None:
    found = judged(*approvals, policy=policy, by=by)
    if not found.holds:
        assert found.valid_until is None
    elif found.valid_until is None:
        assert judged(*approvals, policy=policy, by=by, now=NOW + 4000 * DAY).holds
    else:
        for moment in (NOW, NOW + (found.valid_until - NOW) / 2, found.valid_until - timedelta(seconds=1)):
            assert judged(*approvals, policy=policy, by=by, now=moment).holds
        assert not judged(*approvals, policy=policy, by=by, now=found.valid_until).holds


@given(_approvals.flatmap(lambda found: st.tuples(st.just(found), st.permutations(found))), _policies, _authors)
def test_the_order_in_which_they_are_read_does_not_matter(
    both: tuple[list[Approval], list[Approval]], policy: PolicySection, by: tuple[Author, ...]
) -> None:
    approvals, mixed = both
    assert judged(*mixed, policy=policy, by=by) == judged(*approvals, policy=policy, by=by)


@given(_approvals, _policies, _authors)
def test_taking_a_signature_away_never_helps(
    approvals: list[Approval], policy: PolicySection, by: tuple[Author, ...]
) -> None:
    """Of people who signed once: of two signatures the older may be the one with the role."""
    once = [*{one.staff: one for one in approvals}.values()]
    if not judged(*once, policy=policy, by=by).holds:
        for gone in once:
            assert not judged(*(one for one in once if one is not gone), policy=policy, by=by).holds
