"""Pages that show commands and their answers, played: each is typed on a machine of its own, and its answer written below it.

Run it by `make docs`; tests/test_docs_played.py fails when an answer is stale. What stands in the page as remarks:

    <!-- play -->                the indented block below: each line with `$ ` is typed, what stands under it is the answer
    <!-- play 4 -->              only the first 4 lines of each answer
    <!-- type: y, y -->          what is typed into the questions of the next block
    <!-- clock: 2026-12-01T09:00-08:00 -->   from here on it is that time
    <!-- file: readers.csv -->   the indented block below becomes this file
    <!-- fill in: names -->      newsletter.toml and the issue are filled in, as first_issue_pictures.py knows
"""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import first_issue_words as words
from click.testing import CliRunner

from newsletter.cli import context
from newsletter.cli.main import cli
from newsletter.cli.words import explain
from newsletter.errors import NewsletterError

if TYPE_CHECKING:
    from collections.abc import Iterator

DOCS = Path(__file__).parent
_MARK = re.compile(r"^<!-- (play|type|clock|file|fill in)(?::? (.*?))? -->\n((?:\n|    .*\n)*)", re.MULTILINE)
_HOME = "/home/you"
_SLOWNESS = 100
_OF_THIS_MACHINE = ("NEWSLETTER_", "SENDGRID_", "SMTP_", "MAILBOX_", "GIT_")


class _Terminal(CliRunner):
    """Passphrases are only asked for where somebody can type."""

    @contextlib.contextmanager
    def isolation(self, *words: Any, **named: Any) -> Iterator[Any]:  # noqa: ANN401 - as its base has it
        with super().isolation(*words, **named) as streams:
            sys.stdin.isatty = lambda: True  # type: ignore[method-assign]
            yield streams


@dataclass
class Player:
    """Somebody at a terminal in `home`, on a machine whose clock can be set, and goes so slowly that no minute passes."""

    home: Path
    folder: Path = field(init=False)
    #: when the clock was set, and to what
    set_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    set_to: datetime = field(default_factory=lambda: datetime.now(UTC))
    answers: str = ""

    def __post_init__(self) -> None:
        self.folder = self.home

    def now(self) -> datetime:
        return self.set_to + (datetime.now(UTC) - self.set_at) / _SLOWNESS

    def meets(self, found: re.Match[str]) -> str:
        """Does what a remark says, and gives back what shall stand there."""
        mark, what, block = found[1], found[2] or "", found[3]
        if mark == "clock":
            self.set_at, self.set_to = datetime.now(UTC), datetime.fromisoformat(what).astimezone(UTC)
        elif mark == "type":
            self.answers = what.replace(", ", "\n") + "\n"
        elif mark == "file":
            (self.folder / what).write_text(re.sub(r"^    ", "", block.strip("\n"), flags=re.MULTILINE) + "\n", "utf-8")
        elif mark == "fill in":
            words.fill_in(self.folder, what)
        else:
            return found[0].removesuffix(block) + self._played(block, int(what or 0))
        return found[0]

    def _played(self, block: str, lines: int) -> str:
        typed = re.findall(r"^    \$ (.*)$", block, re.MULTILINE)
        end = block[len(block.rstrip("\n")) :]
        shown = []
        for command in typed:
            answer = self._types(command).rstrip().splitlines()
            shown += [f"$ {command}", *(answer[:lines] if lines else answer)]
        return "".join(f"    {line.rstrip()}".rstrip() + "\n" for line in shown).rstrip("\n").join(("\n", end))

    def _types(self, command: str) -> str:
        program, *arguments = shlex.split(command)
        if program == "cd":
            self.folder = self.folder / arguments[0]
            return ""
        with contextlib.chdir(self.folder):
            done = _Terminal().invoke(cli, arguments, input=self.answers or None, standalone_mode=False)
        self.answers = ""
        said = done.output
        if isinstance(done.exception, NewsletterError):
            said += explain(done.exception)
        elif done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        return said.replace(str(self.home), _HOME)


@contextlib.contextmanager
def at_a_machine_of_their_own() -> Iterator[Player]:
    """With a clock of its own, and nothing of this machine's newsletters."""
    real, kept = context.now, dict(os.environ)
    with TemporaryDirectory() as made:
        player = Player(Path(made).resolve())
        for name in [name for name in os.environ if name.startswith(_OF_THIS_MACHINE)]:
            del os.environ[name]
        os.environ |= {"COLUMNS": "120", "HOME": made, "USER": "you", "LOGNAME": "you"}
        os.environ["NEWSLETTER_CHECKS_SPAM_FILTER"] = "false"  # it finds nothing, and takes its time
        _everybody_asks(player.now, real)
        try:
            yield player
        finally:
            _everybody_asks(real, player.now)
            os.environ.clear()
            os.environ.update(kept)


def _everybody_asks(now: object, instead_of: object) -> None:
    """Commands take the clock over by its name."""
    for module in [module for name, module in sys.modules.items() if name.startswith("newsletter.")]:
        if getattr(module, "now", None) == instead_of:
            module.now = now  # type: ignore[attr-defined]


def played(page: str) -> str:
    """The page with today's answers."""
    with at_a_machine_of_their_own() as player:
        return _MARK.sub(player.meets, page)


def pages() -> list[Path]:
    """Those in which something is played."""
    return [path for path in sorted(DOCS.glob("*.md")) if "<!-- play" in path.read_text("utf-8")]


if __name__ == "__main__":
    for path in pages():
        path.write_text(played(path.read_text("utf-8")), encoding="utf-8")
