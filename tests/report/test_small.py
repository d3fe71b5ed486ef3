"""What few share is not told by itself, and cannot be found by taking the rest away."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as some

from newsletter.model.reporting import FEW
from newsletter.report.small import merged

SIZES = some.dictionaries(some.text("abc", max_size=4), some.integers(0, 30), max_size=12)


@given(SIZES, some.sampled_from([None, "", "a"]))
def test_everybody_is_in_one_group_and_no_group_is_small(sizes: dict[str, int], always: str | None) -> None:
    parts = merged(sizes, always=always)
    assert sorted([*parts.apart, *parts.others]) == sorted(key for key, size in sizes.items() if size)
    assert all(sizes[one] >= FEW for one in parts.apart)
    assert always not in parts.apart
    others = sum(sizes[one] for one in parts.others)
    assert others == 0 or others >= FEW or not parts.apart


def test_a_domain_of_one_hides_behind_the_smallest_of_the_others() -> None:
    assert merged({"example.org": 90, "example.com": 10, "alone.test": 1}) == (
        ("example.org",),
        ("example.com", "alone.test"),
    )


def test_where_only_counts_are_told_the_large_ones_keep_their_names() -> None:
    sizes = {"en": 90, "es": 10, "de": 1}
    assert merged(sizes, counts_only=True) == (("en", "es"), ("de",))


def test_others_that_are_enough_cost_nobody_their_name() -> None:
    assert merged({"example.org": 90, "a.test": 4, "b.test": 1}) == (("example.org",), ("a.test", "b.test"))
