"""docs/segments.md: its examples are read as settings, and its table about "not" is asked of real conditions."""

from __future__ import annotations

import re
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from newsletter.address.belonging import Facts, belongs
from newsletter.address.conditions import conditions
from newsletter.model.subscriber import MailingList
from newsletter.settings import Settings
from newsletter.settings.segments import Segment
from tests.support.segment_settings import HEAD

PAGE = (Path(__file__).parent.parent / "docs" / "segments.md").read_text("utf-8")
ATTRIBUTES, *EXAMPLES = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
BASE = HEAD.partition("[attributes]")[0] + ATTRIBUTES
FRIENDS = MailingList(number=1, name="friends", title="Friends")
NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)


def understood(segments: str) -> Settings:
    settings = Settings.model_validate(tomllib.loads(f"{BASE}\n{segments}"))
    known = conditions(settings.segments, [FRIENDS], zone=ZoneInfo("UTC"), now=NOW)
    assert all(known[name] for name in settings.segments)
    return settings


@pytest.mark.parametrize("example", EXAMPLES)
def test_each_example_is_understood(example: str) -> None:
    assert understood(example).segments


def test_the_two_ways_to_write_parts_are_the_same() -> None:
    first, second = (one for one in EXAMPLES if "[segments.to-invite]" in one)
    assert understood(first).segments["to-invite"] == understood(second).segments["to-invite"]


def test_every_key_in_the_tables_is_one_and_every_key_is_there() -> None:
    tables = "\n".join(line for line in PAGE.splitlines() if line.startswith("| `"))
    keys = {field.alias or name for name, field in Segment.model_fields.items()}
    assert set(re.findall(r"^\| `([a-z_]+) =", tables, re.MULTILINE)) | {"attribute", "segment"} == keys


def test_each_condition_of_the_tables_is_understood() -> None:
    alone = re.findall(r"^\| `([a-z_]+ = [^`{]+)` \|", PAGE, re.MULTILINE)
    assert len(alone) > 15
    beside = {"one_of", "equals", "known", "at_least", "at_most", "before", "after"}
    for written in alone:
        key = written.partition(" ")[0]
        attribute = "last_visit" if "2026" in written else "age" if re.search(r"= \d", written) else "sport"
        more = f'attribute = "{attribute}"\n' if key in beside else ""
        understood(f"[segments.some]\n{more}{written}\n")


def test_what_not_means_is_as_the_page_says() -> None:
    rows = re.findall(r"^\| `(\{.*\})` \| (yes|no) \| (yes|no) \| (yes|no) \|$", PAGE, re.MULTILINE)
    people = (Facts(attributes={"sport": "running"}), Facts(attributes={"sport": "walking"}), Facts())
    assert len(rows) == 3
    for written, *said in rows:
        segments = understood(f"[segments]\nsome = {written}\n").segments
        condition = conditions(segments, [], zone=ZoneInfo("UTC"), now=NOW)["some"]
        assert ["yes" if belongs(condition, person) else "no" for person in people] == said
