"""Where mail goes in a trial. The outbox is here, the servers are in servers.py."""

from __future__ import annotations

import os
import re
from collections import Counter
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_TO = re.compile(rb"^To: .*?([a-z0-9]+@example\.org)", re.MULTILINE | re.DOTALL)


class Provider(Protocol):
    name: str

    @property
    def lost_with_a_kill(self) -> int:
        """Of so many readers it may stay open whether they have it, when a process is killed or a server goes away."""

    @property
    def lost_with_a_fault(self) -> int:
        """And of so many after a single fault."""

    @property
    def lost_with_a_stall(self) -> int:
        """A process that sleeps may go on later: whatever it has in hand is in doubt."""

    @property
    def environment(self) -> Mapping[str, str]:
        """The settings that lead to it."""

    def mails(self) -> Counter[str]:
        """What it took: address -> how many mails."""

    def count(self) -> int:
        """How many mails it took, quickly."""

    def doubts(self) -> int:
        """Faults after which a sender cannot know."""

    def kill(self) -> None: ...

    def start(self) -> None: ...

    def stop(self) -> None:
        """Politely: what it still has to say is said first."""

    def hurry(self) -> None:
        """Nobody is at work: from now on it need not be slow."""


class Outbox:
    name = "outbox"
    lost_with_a_kill = lost_with_a_fault = 0
    lost_with_a_stall = 200
    environment: Mapping[str, str] = {}

    def __init__(self, workspace: Path) -> None:
        self.folder = workspace / "outbox"

    def mails(self) -> Counter[str]:
        found = (_TO.search(path.read_bytes()) for path in self.folder.glob("*/*.eml"))
        return Counter(match[1].decode() if match else "a mail without a reader" for match in found)

    def count(self) -> int:
        return sum(name.endswith(".eml") for *_, names in os.walk(self.folder) for name in names)

    def doubts(self) -> int:
        return 0

    def kill(self) -> None: ...

    def start(self) -> None: ...

    def stop(self) -> None: ...

    def hurry(self) -> None: ...
