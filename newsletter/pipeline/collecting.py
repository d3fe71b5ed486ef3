"""The garbage collector, told to look less often while many short-lived things are made."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

#: so many new things begin a collection; Python's own number is 700, and a thousand readers are ten times as many
_NEW_THINGS = (50_000, 20, 50)


@contextmanager
def seldom_collecting() -> Iterator[None]:
    """Readers, envelopes and requests are gone without it as soon as they are sent: it would take a fifth of the time."""
    before, frozen = gc.get_threshold(), gc.get_freeze_count()
    gc.collect()
    gc.freeze()  # the program and its settings stay to the end
    gc.set_threshold(*_NEW_THINGS)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        if not frozen:
            gc.unfreeze()
