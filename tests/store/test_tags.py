"""Tags: many people and many tags at once, two spellings are one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.model.segment import AttributeEquals
from newsletter.model.subscriber import ConsentSource
from newsletter.store.people import consent, subscribers, tags
from tests.support.readers import NOW

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.support.readers import Desk

PEOPLE = "email,city\n" + "".join(f"r{i}@example.org,{'Bonn' if i % 2 else 'Cork'}\n" for i in range(5))


def numbers(desk: Desk, *which: int) -> list[int]:
    return [desk.get(f"r{i}@example.org").number for i in which]


def give(desk: Desk, people: Sequence[int], *names: str) -> dict[str, int]:
    with desk.store.write() as connection:
        return {name: one.people for name, one in tags.add(connection, tags.these(people), names, NOW).items()}


def of(desk: Desk, i: int) -> tuple[str, ...]:
    with desk.store.read() as connection:
        (number,) = numbers(desk, i)
        return tags.of_people(connection, [number]).get(number, ())


def test_a_tag_is_given_once_and_keeps_the_spelling_that_came_first(desk: Desk) -> None:
    desk.import_(PEOPLE)
    assert give(desk, numbers(desk, 0, 1), "VIP", "old friend") == {"VIP": 2, "old friend": 2}
    assert give(desk, numbers(desk, 1, 2), "vip") == {"vip": 1}
    assert [of(desk, i) for i in range(4)] == [("old friend", "VIP"), ("old friend", "VIP"), ("VIP",), ()]
    with desk.store.read() as connection:
        assert tags.every(connection) == (
            tags.CountedTag(name="old friend", people=2),
            tags.CountedTag(name="VIP", people=3),
        )


def test_a_tag_is_taken_away_and_forgotten_when_nobody_has_it(desk: Desk) -> None:
    desk.import_(PEOPLE)
    give(desk, numbers(desk, 0, 1, 2), "vip")
    with desk.store.write() as connection:
        taken = tags.remove(connection, tags.these(numbers(desk, 1, 2, 3)), ["VIP", "nothing like it"])
        assert taken == {"VIP": 2, "nothing like it": 0}
        tags.remove(connection, tags.these(numbers(desk, 0)), ["vip"])
        assert tags.every(connection) == ()


def test_those_whom_no_mailing_reaches_are_counted_among_the_tagged(desk: Desk) -> None:
    desk.import_(PEOPLE)
    desk.import_("email\nr1@example.org\n", to="running")
    desk.import_("email\nr5@example.org\n", agreed=None)
    with desk.store.write() as connection:
        for number in numbers(desk, 0, 1):
            consent.leave(connection, number, [desk.list_().number], ConsentSource.PAGE, None, NOW)
        people = tags.these(numbers(desk, 0, 1, 2, 5))
        assert tags.add(connection, people, ["vip"], NOW) == {"vip": tags.Given(people=4, on_no_list=2)}
        assert tags.every(connection) == (tags.CountedTag(name="vip", people=4, on_no_list=2),)
        assert tags.add(connection, people, ["vip"], NOW) == {"vip": tags.Given(people=0)}


def test_nobody_and_no_tags_change_nothing(desk: Desk) -> None:
    desk.import_(PEOPLE)
    assert give(desk, [], "vip") == {"vip": 0}
    assert give(desk, numbers(desk, 1)) == {}


def test_everybody_of_a_list_or_segment_is_tagged_at_once(desk: Desk) -> None:
    desk.import_(PEOPLE)
    desk.import_("email\nr0@example.org\n", to="running")
    desk.import_("email\nr1@example.org\n", to="running", agreed=None)
    with desk.store.write() as connection:
        running = tags.subscribed_to(desk.list_("running").number)
        assert tags.add(connection, running, ["runner"], NOW) == {"runner": tags.Given(people=1)}
        of_bonn = tags.belonging_to(connection, AttributeEquals(attribute="city", value="Bonn"))
        assert tags.add(connection, of_bonn, ["rhine"], NOW) == {"rhine": tags.Given(people=2)}
    assert [of(desk, i) for i in range(4)] == [("runner",), ("rhine",), (), ("rhine",)]


def test_pages_can_be_narrowed_by_tag_words_and_segment(desk: Desk) -> None:
    desk.import_(PEOPLE)
    give(desk, numbers(desk, 0, 1, 3, 4), "vip")
    bonn = AttributeEquals(attribute="city", value="Bonn")
    with desk.store.read() as connection:
        rows = subscribers.page(connection, list_name="news", status="subscribed", limit=2, tag="VIP")
        more = subscribers.page(
            connection, list_name=None, status=None, limit=2, tag="vip", after=rows[-1].subscriber.number
        )
        assert [row.subscriber.address[:2] for row in (*rows, *more)] == ["r0", "r1", "r3", "r4"]
        both = subscribers.page(connection, list_name=None, status=None, limit=9, tag="vip", segment=bonn, words="R3")
        assert [row.subscriber.address for row in both] == ["r3@example.org"]
        assert subscribers.page(connection, list_name=None, status=None, limit=9, tag="nothing like it") == ()
