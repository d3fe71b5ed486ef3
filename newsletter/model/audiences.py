"""The readers that an `only` or `except` block names, as an author writes them: segments or lists, separated by commas."""

from __future__ import annotations

import re

_NAME = re.compile(r"[a-z][a-z0-9_-]*")


def read_audience(text: str) -> tuple[str, ...] | None:
    """`runners, walkers`: each name once, in the order given; None for what is no list of names."""
    names = tuple(dict.fromkeys(name.strip() for name in text.split(",")))
    return names if all(_NAME.fullmatch(name) for name in names) else None
