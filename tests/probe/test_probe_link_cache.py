"""The file that remembers what links answered: never in the way, never for longer than an answer is good."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from newsletter.model.visit import Visit, VisitOutcome
from newsletter.probe.link_cache import LinkCache

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
OK = Visit(outcome=VisitOutcome.OK, status=200)


@pytest.mark.parametrize(
    "text",
    [
        "", "{", "[]", '"x"', '{"u": 1}', '{"u": {"at": 1}}', "null", "\udcff", "[" * 100_000,
        '{"u": {"at": 1e99, "status": 1, "outcome": "ok", "where": "", "detail": ""}}',
        '{"u": {"at": 1, "status": {}, "outcome": "ok", "where": "", "detail": ""}}',
        '{"u": {"at": 1, "status": 1, "outcome": "perhaps", "where": "", "detail": ""}}',
    ],
)  # fmt: skip
def test_a_damaged_cache_is_as_good_as_none_and_mended(text: str, tmp_path: Path) -> None:
    (tmp_path / "links.json").write_text(text, "utf-8", "surrogateescape")
    cache = LinkCache(tmp_path)
    assert cache.known(["u"], NOW) == {}
    cache.keep({"u": OK}, NOW)
    assert cache.known(["u"], NOW) == {"u": OK}


def test_what_is_too_old_leaves_the_cache(tmp_path: Path) -> None:
    cache = LinkCache(tmp_path)
    cache.keep({"old": OK, "skipped": Visit(outcome=VisitOutcome.NOT_LOOKED)}, NOW)
    cache.keep({"new": OK}, NOW + timedelta(days=2))
    assert list(json.loads((tmp_path / "links.json").read_text("utf-8"))) == ["new"]


def test_a_cache_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    LinkCache(tmp_path / "file").keep({"u": OK}, NOW)
