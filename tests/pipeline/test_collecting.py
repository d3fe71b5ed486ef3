"""The garbage collector looks less often while a mailing is sent, and as before after it."""

from __future__ import annotations

import gc

import pytest

from newsletter.pipeline.collecting import seldom_collecting


def test_it_is_as_before_afterwards_whatever_happens() -> None:
    before, frozen = gc.get_threshold(), gc.get_freeze_count()
    with pytest.raises(RuntimeError):
        _fail()
    assert gc.get_threshold() == before
    assert bool(gc.get_freeze_count()) == bool(frozen)


def _fail() -> None:
    with seldom_collecting():
        assert gc.get_threshold()[0] == 50_000
        assert gc.get_freeze_count()
        raise RuntimeError
