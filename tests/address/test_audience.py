"""The names of `--to` and `--except`: lists, segments, both, neither."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from newsletter.address.audience import Asked, Before, addressed, bare
from newsletter.errors import AudienceUnclear, ConsentRefused
from newsletter.model.segment import AttributeEquals, OnList
from newsletter.model.subscriber import MailingList
from newsletter.settings.schema import Segment

if TYPE_CHECKING:
    from newsletter.address.audience import Addressed

NOW = datetime(2026, 12, 1, tzinfo=UTC)
NEWS, FRIENDS, BOARD = (
    MailingList(number=n, name=name, title=name) for n, name in enumerate(("news", "friends", "board"), 1)
)
OLD = MailingList(number=9, name="old", title="Old", archived_at=NOW)
SEGMENTS = {
    "runners": Segment(attribute="sport", equals="running"),
    "walkers": Segment(attribute="sport", equals="walking"),
    "board": Segment(tag="board"),
    "friendly": Segment(list="friends", tag="friendly"),
    "both": Segment(any=(Segment(list="friends"), Segment(list="news"))),
    "old_ones": Segment(list="old"),
}
RUNNERS = AttributeEquals(attribute="sport", value="running")


def whom(
    *to: str, but: tuple[str, ...] = (), known: tuple[MailingList, ...] = (NEWS, FRIENDS, BOARD, OLD)
) -> Addressed:
    asked = Asked(to=to, excepted=but, segments=SEGMENTS, command="newsletter send walking")
    return addressed(asked, known, NOW)


def refused(*to: str, **options: Any) -> str:
    with pytest.raises(AudienceUnclear) as caught:
        whom(*to, **options)
    return f"{caught.value}. {caught.value.next_step} {caught.value.nearest or ''}"


def test_lists_and_segments_stand_beside_each_other() -> None:
    found = whom("news", "runners", "friends", "news", but=("walkers", "friends"))
    assert [entry.name for entry in found.lists] == ["news", "friends"]
    assert (found.audience.lists, found.audience.narrowed, found.assumed) == ((1, 2), {"runners": RUNNERS}, "")
    assert found.audience.excepted == {
        "walkers": AttributeEquals(attribute="sport", value="walking"),
        "friends": OnList(list=2),
    }


def test_a_name_that_is_both_has_to_be_told_apart() -> None:
    assert "both a list and a segment are called `board`. Say which is meant: list:board or segment:board." in refused(
        "board"
    )
    assert "list:board or segment:board" in refused("news", but=("board",))
    assert [entry.name for entry in whom("list:board").lists] == ["board"]
    assert [*whom("news", "segment:board").audience.narrowed] == ["segment:board"]
    excepted = whom("news", but=("list:board", "segment:board")).audience.excepted
    assert excepted["list:board"] == OnList(list=3)
    assert [*excepted] == ["list:board", "segment:board"]


def test_a_kind_may_be_said_where_it_need_not_be() -> None:
    assert whom("list:news", "segment:runners", but=("segment:walkers",)) == whom("news", "runners", but=("walkers",))
    assert bare("list:news") == bare("segment:news") == bare("news") == "news"


@pytest.mark.parametrize(
    ("name", "says"),
    [
        (
            "newz",
            "neither a list nor a segment is called `newz`. See `newsletter audience list` for those there are. news",
        ),
        (
            "runer",
            "neither a list nor a segment is called `runer`. See `newsletter audience list` for those there are. runners",
        ),
        ("list:runners", "there is no list `runners`."),
        ("segment:news", "there is no segment `news`."),
        ("segment:runer", "segment:runners"),
        ("news,friends", "Repeat the option for each of them: news, friends."),
        ("news runners", "Repeat the option for each of them: news, runners."),
        ("tag:runners", "neither a list nor a segment is called `tag:runners`"),
        ("", "is called ``"),
        ("'; --", "is called `'; --`"),
    ],
)
def test_an_unknown_name_is_told_with_the_nearest_of_both_kinds(name: str, says: str) -> None:
    assert says in refused(name)
    assert says in refused("news", but=(name,))


def test_an_archived_list_is_not_mailed_but_may_be_left_out() -> None:
    for names in (("old",), ("news", "old"), ("old_ones",)):
        with pytest.raises(ConsentRefused, match="old is archived"):
            whom(*names)
    assert whom("news", but=("old",)).audience.excepted == {"old": OnList(list=9)}


def test_segments_alone_go_to_the_lists_that_they_ask_for() -> None:
    found = whom("friendly")
    assert ([entry.name for entry in found.lists], found.assumed) == (["friends"], "the segment asks for it")
    assert {entry.name for entry in whom("both").lists} == {"news", "friends"}
    assert {entry.name for entry in whom("both", "friendly").lists} == {"news", "friends"}


def test_segments_alone_go_to_the_only_list_there_is() -> None:
    found = whom("runners", known=(NEWS, OLD))
    assert ([entry.name for entry in found.lists], found.assumed) == (["news"], "the only list there is")


def test_segments_alone_are_refused_where_it_is_not_clear_and_the_command_is_given() -> None:
    said = refused("runners", but=("walkers",))
    assert "a mailing goes to lists, and runners is a segment." in said
    assert "(or friends, board instead of news)" in said
    assert "newsletter send walking --to runners --to news --except walkers" in said
    assert "friendly, runners are segments" in refused("friendly", "runners")
    assert "newsletter lists add NAME" in refused("runners", known=(OLD,))
    assert "newsletter send walking --to LIST" in refused()


@pytest.mark.parametrize(
    ("before", "now", "percent", "differs"),
    [
        (100, 130, 30, False),
        (100, 131, 30, True),
        (100, 70, 30, False),
        (100, 69, 30, True),
        (100, 100, 30, False),
        (3, 5, 30, False),
        (3, 6, 30, True),
        (0, 2, 30, False),
        (0, 3, 30, True),
        (100, 1, 0, False),
        (100, 103, 1, True),
        (5, 0, 100, False),
        (5, 11, 100, True),
    ],
)
def test_an_audience_differs_by_more_than_so_many_percent_and_more_than_two(
    before: int, now: int, percent: int, differs: bool
) -> None:
    assert Before(mailing=1, readers=before).differs_from(now, percent) is differs
