"""Short ways to load records and to print them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from newsletter.model.reference import ReferenceSources
from newsletter.references import format_entries, load
from tests.references.records import DATA, WRITTEN

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from newsletter.model.reference import Entry
    from tests.references.records import Loaded


@pytest.fixture
def load_text(tmp_path: Path) -> Callable[[str, str], Loaded]:
    def load_it(text: str, name: str = "refs.json") -> Loaded:
        (tmp_path / name).write_text(text, encoding="utf-8", newline="")
        return load(ReferenceSources(folder=tmp_path, files=((name, WRITTEN),)))

    return load_it


@pytest.fixture
def load_records(load_text: Callable[[str, str], Loaded]) -> Callable[..., Loaded]:
    def load_it(*records: dict[str, Any]) -> Loaded:
        return load_text(json.dumps(list(records), indent=1), "refs.json")

    return load_it


@pytest.fixture
def printed() -> Callable[..., Entry]:
    """The Entry of one record that went through load."""

    def print_it(language: str = "en", **csl: Any) -> Entry:
        record = {"id": "x", **{name.replace("_", "-"): value for name, value in csl.items()}}
        references, _ = load(ReferenceSources(folder=DATA, inline=((record, WRITTEN),)))
        return format_entries(list(references.values()), "american-medical-association", language)[0]

    return print_it
