"""Places on a drawing stay on it, and lines of small columns say as much as there is."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as some

from newsletter.report.charts import Bar, Bars, Columns, Limits, Panel
from newsletter.report.figures import Share
from newsletter.report.spark import bar, spark

VALUES = some.lists(some.integers(0, 10**7), min_size=1, max_size=48)


@given(VALUES)
def test_columns_stay_within_their_place(values: list[int]) -> None:
    chart = Columns("t", "s", (Panel("p", tuple(values)),), ())
    assert chart.left(len(values) - 1) + chart.width <= 100
    for value in values:
        height = chart.panels[0].percent(value)
        assert 0 <= height <= 100
        assert (height > 0) == (value > 0)


@given(VALUES)
def test_bars_stay_within_their_place(values: list[int]) -> None:
    chart = Bars("t", "s", tuple(Bar(str(value), value, "") for value in values))
    assert all(0 <= chart.percent(value) <= 100 for value in values)


@given(some.tuples(some.integers(0, 9_999), some.integers(0, 9_999)).map(sorted))
def test_a_rate_and_its_lines_stay_on_the_scale(numbers: list[int]) -> None:
    chart = Limits("t", "s", Share(*numbers), ((0.001, "a"), (0.003, "b")))
    assert all(0 <= chart.percent(rate) <= 100 for rate in (chart.share.rate or 0, 0.001, 0.003))


@given(VALUES)
def test_a_line_of_columns_has_one_for_each_and_a_space_for_none(values: list[int]) -> None:
    line = spark(values)
    assert len(line) == len(values)
    assert [letter == " " for letter in line] == [value == 0 for value in values]
    assert not any(values) or line[values.index(max(values))] == "█"


def test_a_bar_that_is_there_can_be_seen() -> None:
    assert [bar(size, 1_000_000, 24) for size in (0, 1, 1_000_000)] == ["", "█", "█" * 24]
