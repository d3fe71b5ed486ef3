"""A command that is killed with `kill -9` again and again."""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tests.support.workspace import Workspace


def killed_runs(
    workspace: Workspace, further: Sequence[int], mails: Callable[[], int], look: Callable[[], None] = lambda: None
) -> None:
    """Start the command and kill it soon after so many further mails are out, again and again."""
    chance = random.Random(20261124)
    for count in further:
        before = mails()
        process = workspace.start("send", "walking", "--to", "friends", "--yes")
        while mails() < before + count and process.poll() is None:
            time.sleep(0.001)
        # before the first mail there is much to be killed at: checking, rendering, planning
        time.sleep(chance.uniform(0, 0.02 if count else 0.3))
        process.kill()
        look()
