"""Random conditions and random people who are just near enough to meet them: a condition in SQL and `belongs` must agree.

People are `Facts`: a test writes them into a database, or asks `belongs`. All lists, tags and issues that either names are
`LISTS`, `TAGS` and `ISSUES`, so that a test can make them beforehand.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

from hypothesis import strategies as st

from newsletter.address.belonging import Facts
from newsletter.model.segment import (
    AllOf,
    AnyOf,
    AttributeCompares,
    AttributeEquals,
    AttributeKnown,
    Comparison,
    Engaged,
    Engagement,
    HasTag,
    InLanguage,
    Joined,
    MailedSince,
    Not,
    OnList,
    WasSent,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hypothesis.strategies import SearchStrategy

    from newsletter.model.importing import AttributeValue
    from newsletter.model.segment import Condition

T = TypeVar("T")
#: numbers of lists; a test's database has to have them
LISTS = (1, 2, 3)
#: keys of tags
TAGS = ("vip", "straße", "met at the fair")
ISSUES = ("spring", "autumn-2026")
#: midnight of the conditions' moments, which people's moments lie around
BEGIN = datetime(2026, 3, 1, tzinfo=UTC)

_NAMES = ("sport", "age", "operated_on", "member", "city")
_LANGUAGES = ("de", "de-AT", "DE-at", "den", "en", "es-MX")
_TEXTS = ("running", "Running", "l\u00e4uft", "la\u0308uft", "", "%", "a_b", 'say "hi"', "O'Brien", "\\", "$.x", "東京")
_NUMBERS = (0, 1, 1.0, -1, 1.5, 40, 40.0, 1e3, 999_999_999_999_999, 0.1)
_DATES = ("2026-02-28", "2026-03-01", "2026-03-02", "1999-12-31")
#: as files of readers write what is no text, and what only looks like it
_WRITTEN = ("yes", "NEIN", "true", "0", "1", "1.0", "40", "1000.0", "2026-3-1", "2026-03-01T00:00", "soon")

_moments = st.builds(lambda hours: BEGIN + timedelta(hours=hours), st.sampled_from((-48, -24, -1, 0, 1, 24, 48)))
_values: SearchStrategy[AttributeValue] = (
    st.sampled_from(_TEXTS)
    | st.sampled_from(_NUMBERS)
    | st.sampled_from(_DATES)
    | st.sampled_from(_WRITTEN)
    | st.booleans()
)
_attributes: SearchStrategy[Mapping[str, AttributeValue]] = st.dictionaries(st.sampled_from(_NAMES), _values)


def leaves() -> SearchStrategy[Condition]:
    name = st.sampled_from(_NAMES)
    return st.one_of(
        st.builds(AttributeEquals, attribute=name, value=_values),
        st.builds(
            AttributeCompares,
            attribute=name,
            comparison=st.sampled_from(Comparison),
            value=st.sampled_from(_NUMBERS) | st.sampled_from(_DATES),
        ),
        st.builds(AttributeKnown, attribute=name),
        st.builds(HasTag, key=st.sampled_from(TAGS)),
        st.builds(OnList, list=st.sampled_from(LISTS)),
        st.builds(InLanguage, language=st.sampled_from(_LANGUAGES)),
        st.builds(Joined, since=_moments | st.none(), before=_moments | st.none()),
        st.builds(WasSent, issue=st.sampled_from(ISSUES)),
        st.builds(MailedSince, moment=_moments),
        st.builds(Engaged, kind=st.sampled_from(Engagement), issue=st.sampled_from(ISSUES)),
    )


def conditions(of: SearchStrategy[Condition] | None = None, most_leaves: int = 8) -> SearchStrategy[Condition]:
    """Trees of every kind, empty ones of `all` and `any` among them; `of` these leaves, or of all."""
    return st.recursive(
        leaves() if of is None else of,
        lambda inner: st.one_of(
            st.builds(AllOf, conditions=st.lists(inner, max_size=3).map(tuple)),
            st.builds(AnyOf, conditions=st.lists(inner, max_size=3).map(tuple)),
            st.builds(Not, condition=inner),
        ),
        max_leaves=most_leaves,
    )


def people() -> SearchStrategy[Facts]:
    """`mailed_at` is None for those who were sent nothing, and what they opened or clicked they were sent."""
    return st.builds(_person, _attributes, _some(TAGS), _some(LISTS), _histories())


def _person(
    attributes: Mapping[str, AttributeValue],
    tags: frozenset[str],
    lists: frozenset[int],
    history: Mapping[str, object],
) -> Facts:
    return Facts(attributes=attributes, tags=tags, lists=lists, **history)  # type: ignore[arg-type]


@st.composite
def _histories(draw: st.DrawFn) -> Mapping[str, object]:
    sent = draw(_some(ISSUES))
    seen = _some(tuple(sorted(sent)))
    return {
        "language": draw(st.sampled_from(("", *_LANGUAGES))),
        "joined_at": draw(_moments),
        "sent": sent,
        "mailed_at": draw(_moments) if sent else None,
        "tracking": draw(st.booleans()),
        "opened": draw(seen),
        "clicked": draw(seen),
    }


def _some(among: tuple[T, ...]) -> SearchStrategy[frozenset[T]]:
    return st.frozensets(st.sampled_from(among)) if among else st.just(frozenset())
