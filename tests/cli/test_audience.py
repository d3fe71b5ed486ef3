"""`newsletter audience`, and `send` to segments, with exceptions, and with an audience that is not like last time's."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from newsletter.address.audience import Before
from newsletter.cli.audience.conditions import in_words
from newsletter.cli.audience.words import change_in_words, is_audience_of, options_of, whom_of
from newsletter.model.mailing import Mailing, MailingState
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
from tests.support.workspace import SETTINGS, make

if TYPE_CHECKING:
    from pathlib import Path

    from newsletter.model.segment import Condition
    from tests.support.workspace import Workspace

SEGMENTS = """sport = { type = "choice", choices = ["running", "walking"] }

[segments.runners]
attribute = "sport"
equals = "running"

[segments.walkers]
attribute = "sport"
equals = "walking"
"""
READERS = "email,first_name,sport\n" + "".join(
    f"reader{n}@example.org,Reader{n},{'running' if n % 2 else 'walking'}\n" for n in range(1, 11)
)


@pytest.fixture
def letters(tmp_path: Path) -> Workspace:
    workspace = make(tmp_path / "workspace")
    (workspace.folder / "newsletter.toml").write_text(SETTINGS + SEGMENTS, encoding="utf-8")
    workspace.import_readers(READERS)
    return workspace


def test_an_audience_is_shown_and_sent_as_it_was_shown(letters: Workspace) -> None:
    said = letters.run("audience", "show", "--to", "runners", "--except", "walkers").stdout
    assert said.splitlines()[:4] == [
        "Audience  friends (only runners; except walkers): 5 readers",
        "          No list was named: friends is taken, the only list there is.",
        "          runners: sport is running",
        "          walkers: sport is walking",
    ]
    assert "To send   5" in said
    assert "Not in it 5 who are not in runners" in said
    assert "Examples  reader1@example.org                  Reader1" in said
    letters.write_issue(slug="other")
    letters.run("send", "walking", "--to", "friends", "--to", "runners", "--yes")
    shown = letters.json("mailings", "show", "1")
    assert (shown["lists"], shown["segments"], shown["excepted"], shown["audience"]) == (
        ["friends"],
        ["runners"],
        [],
        5,
    )
    assert "walking to friends (only runners)" in letters.run("mailings", "list").stdout
    facts = letters.json("audience", "show", "--to", "friends", "--to", "runners", "--issue", "walking")
    assert (facts["audience"], facts["already_sent"], facts["to_send"], facts["before"]) == (5, 5, 0, None)
    assert [one["email"] for one in facts["examples"]] == [f"reader{n}@example.org" for n in range(1, 10, 2)]


def test_an_audience_unlike_the_last_one_stops_until_it_is_meant(letters: Workspace) -> None:
    letters.write_issue(slug="other")
    letters.run("send", "walking", "--to", "friends", "--yes")
    more = "email\n" + "".join(f"more{n}@example.org\n" for n in range(4))
    letters.import_readers(more)
    looked = letters.run("send", "other", "--to", "friends", "--dry-run").stdout
    assert "Last time 40 % more than mailing 1 had (10); it is not sent without --audience-may-differ" in looked
    facts = letters.json("send", "other", "--to", "friends", "--yes", code=4)
    assert facts["error"] == "AudienceDiffers"
    assert letters.json("mailings", "list")["mailings"][0]["issue"] == "walking"
    # where nothing went to these segments, what went to the list is worth a look
    assert (
        letters.json("send", "other", "--to", "friends", "--except", "walkers", "--dry-run")["before"]["audience"] == 10
    )
    letters.run("send", "other", "--to", "friends", "--yes", "--audience-may-differ")
    assert letters.json("mailings", "show", "2")["audience"] == 14


def test_names_that_mean_nobody_are_refused_before_anything_is_stored(letters: Workspace) -> None:
    said = letters.run("send", "walking", "--to", "runer", "--yes", code=2).stderr
    assert "Neither a list nor a segment is called `runer`." in said
    assert "Did you mean runners?" in said
    nobody = letters.run("send", "walking", "--to", "friends", "--to", "runners", "--except", "runners", code=4).stderr
    assert "Nobody is in this audience: friends (only runners; except runners)." in nobody
    assert "--to NAME" in letters.run("audience", "show", code=2).stderr


def test_lists_and_segments_are_listed_with_what_they_mean(letters: Workspace) -> None:
    lines = letters.run("audience", "list").stdout.splitlines()
    assert [line.split() for line in lines] == [
        ["list", "friends", "10", "Friends"],
        ["segment", "runners", "5", "sport", "is", "running"],
        ["segment", "walkers", "5", "sport", "is", "walking"],
    ]


ZONE = ZoneInfo("Europe/Berlin")
DAY = datetime(2026, 2, 28, 23, tzinfo=UTC)
RUNS, WALKS = (AttributeEquals(attribute="sport", value=sport) for sport in ("running", "walking"))


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        (RUNS, "sport is running"),
        (AttributeEquals(attribute="member", value=True), "member is yes"),
        (AttributeCompares(attribute="age", comparison=Comparison.AT_LEAST, value=65), "age is at least 65"),
        (
            AttributeCompares(attribute="seen", comparison=Comparison.AT_MOST, value="2026-03-01"),
            "seen is 2026-03-01 or earlier",
        ),
        (Not(condition=AttributeKnown(attribute="city")), "city is not known"),
        (HasTag(key="vip"), "has the tag vip"),
        (Not(condition=OnList(list=2)), "is not on the list board"),
        (InLanguage(language="de"), "language is de"),
        (Joined(since=DAY), "joined on 2026-03-01 or later"),
        (Not(condition=Joined(before=DAY)), "did not join before 2026-03-01"),
        (Joined(since=DAY, before=DAY), "joined on 2026-03-01 or later and before 2026-03-01"),
        (WasSent(issue="spring"), "was sent spring"),
        (Not(condition=MailedSince(moment=DAY)), "was not mailed since 2026-03-01"),
        (Not(condition=Engaged(kind=Engagement.OPENED, issue="spring")), "did not open spring"),
        (Engaged(kind=Engagement.CLICKED, issue="spring"), "clicked in spring"),
        (
            AllOf(conditions=(HasTag(key="vip"), AnyOf(conditions=(RUNS, WALKS)))),
            "has the tag vip and (sport is running or sport is walking)",
        ),
        (Not(condition=AllOf(conditions=(RUNS, HasTag(key="vip")))), "not (sport is running and has the tag vip)"),
        (AllOf(conditions=()), "everybody"),
        (AnyOf(conditions=()), "nobody"),
        (
            AnyOf(conditions=tuple(HasTag(key=f"t{n}") for n in range(8))),
            "has the tag t0 or has the tag t1 or has the tag t2 or has the tag t3 or has the tag t4 or has the tag t5 or 2 more",
        ),
        (HasTag(key="a\u202eb"), "has the tag a\ufffdb"),
    ],
)
def test_a_condition_in_words(condition: Condition, words: str) -> None:
    assert in_words(condition, {1: "news", 2: "board"}, ZONE) == words


def test_words_end_however_deep_a_condition_is() -> None:
    condition: Condition = RUNS
    for _ in range(5_000):
        condition = Not(condition=AllOf(conditions=(condition, WALKS)))
    assert "..." in in_words(condition, {}, ZONE)


def mailing(*lists: str, segments: tuple[str, ...] = (), excepted: tuple[str, ...] = ()) -> Mailing:
    return Mailing(
        number=1,
        link_number=1,
        issue="walking",
        fingerprint="",
        variants={},
        lists=lists,
        segments=segments,
        excepted=excepted,
        state=MailingState.PAUSED,
        created_at=DAY,
    )


PLAIN, FULL = mailing("news"), mailing("news", "friends", segments=("runners",), excepted=("list:board", "vip"))


@pytest.mark.parametrize(
    ("one", "to", "excepted", "same"),
    [
        (PLAIN, ["news"], [], True),
        (PLAIN, ["list:news", "news"], [], True),
        (PLAIN, ["news", "friends"], [], False),
        (PLAIN, ["news"], ["board"], False),
        (PLAIN, ["runners"], [], False),
        (FULL, ["news", "friends", "runners"], ["board", "vip"], True),
        (FULL, ["runners"], ["segment:vip", "list:board"], True),
        (FULL, ["news", "friends"], ["board", "vip"], False),
        (FULL, ["news", "runners"], ["board", "vip"], False),
        (FULL, ["news", "friends", "runners"], [], False),
    ],
)
def test_an_unfinished_mailing_is_known_by_the_names_that_were_typed(
    one: Mailing, to: list[str], excepted: list[str], same: bool
) -> None:
    assert is_audience_of(one, to, excepted) is same


def test_an_audience_is_named_again_by_its_options() -> None:
    assert whom_of(FULL) == "news, friends (only runners; except list:board, vip)"
    assert options_of(FULL) == "--to news --to friends --to runners --except list:board --except vip"
    assert options_of(mailing("board", segments=("segment:board",))) == "--to list:board --to segment:board"


@pytest.mark.parametrize(
    ("before", "now", "words"),
    [
        (100, 112, "12 % more than mailing 3 had (100)"),
        (1100, 550, "50 % fewer than mailing 3 had (1,100)"),
        (100, 100, "as many as mailing 3 had (100)"),
        (10_000, 10_001, "hardly more than mailing 3 had (10,000)"),
        (0, 7, "7 more than mailing 3 had (0)"),
    ],
)
def test_a_change_in_words(before: int, now: int, words: str) -> None:
    assert change_in_words(Before(mailing=3, readers=before), now) == words
