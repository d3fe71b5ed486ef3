"""A workspace on disk, used through the real command."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.support.warm_start import WarmStart

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tests.support.running import Running

SETTINGS = """\
[newsletter]
name = "Test Letters"
base_url = "https://news.example.org"
timezone = "America/Los_Angeles"

[sender]
name = "Test Clinic"
address = "letters@example.org"
reply_to = "ask@example.org"
postal_address = "12 Example Street, Springfield, CA 90001"
phone = "213-555-0142"

[policy.topics]
regenerative = ["not-fda-approved"]

[policy.words]
not-fda-approved = ["stem cell", "PRP"]

[attributes]
city = { type = "text" }
"""
ISSUE = """\
---
title: Walking after a knee operation
preheader: What to expect in the first weeks, and when to call us about it
date: 2026-12-01
---

Dear {{ first_name | default("reader") }},

short walks, often: that is the whole secret.

## What to do

- Walk.
- Rest.

::: button href="https://example.org/visit"
Ask for a visit
:::
"""

_WARM = WarmStart()
#: settings, rows, list and exit code -> the files that the import made: commands are slow to start
_FIRST_IMPORTS: dict[tuple[object, ...], dict[str, bytes]] = {}


@dataclass
class Workspace:
    folder: Path
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def database(self) -> Path:
        return self.folder / "newsletter.db"

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "newsletter.cli", "-C", str(self.folder), *words]

    def env(self) -> Mapping[str, str]:
        clean = {k: v for k, v in os.environ.items() if not k.startswith(("NEWSLETTER_", "SENDGRID_"))}
        # a spam filter takes seconds where it is installed; its own test asks it
        return {**clean, "no_proxy": "*", "NEWSLETTER_CHECKS_SPAM_FILTER": "false", **self.environment}

    def run(self, *words: str, code: int | None = 0, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """Run the command to its end; `code` is the exit code that is expected."""
        if "PYTHONPATH" in self.environment:  # it decides what is imported, so nothing may be imported already
            done = subprocess.run(
                self.command(*words),
                env=self.env(),
                input=stdin,
                capture_output=True,
                text=True,
                timeout=120,
                check=False,
            )
        else:
            done = _WARM.run(["-C", str(self.folder), *words], self.env(), stdin, timeout=120)
        assert "Traceback" not in done.stderr, done.stderr
        assert code is None or done.returncode == code, (done.returncode, done.stdout, done.stderr)
        return done

    def start(self, *words: str) -> Running:
        """Start the command, whose output comes through pipes; the test ends it."""
        return _WARM.start(["-C", str(self.folder), *words], self.env())

    def json(self, *words: str, code: int | None = 0) -> Any:
        return json.loads(self.run(*words, "--json", code=code).stdout)

    def write_issue(self, text: str = ISSUE, slug: str = "walking") -> Path:
        path = self.folder / "issues" / slug / "issue.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def import_readers(self, rows: str, to: str = "friends", code: int = 0) -> None:
        """`rows` with a header. The first import of a workspace is copied where an earlier test made the same."""
        file = self.folder / "readers.csv"
        file.write_text(rows, encoding="utf-8")
        first = None if self.database.exists() or self.environment else self._first_import(rows, to, code)
        if first in _FIRST_IMPORTS:
            for name, content in _FIRST_IMPORTS[first].items():
                self._write_private(name, content)
            return
        self.run("lists", "add", to)
        self.run("subscribers", "import", str(file), "--list", to, "--consent", "Signed the form", code=code)
        if first:
            files = (self.folder / name for name in ("newsletter.db", "newsletter.db.witness", ".env"))
            _FIRST_IMPORTS[first] = {file.name: file.read_bytes() for file in files if file.exists()}

    def _first_import(self, rows: str, to: str, code: int) -> tuple[object, ...] | None:
        """What decides how it ends; None when the workspace has a secret of its own already."""
        if (self.folder / ".env").exists():
            return None
        return (self.folder / "newsletter.toml").read_bytes(), rows, to, code

    def _write_private(self, name: str, content: bytes) -> None:
        path = self.folder / name
        path.touch(mode=0o600)
        path.write_bytes(content)

    def mails(self, mailing: int = 1) -> list[Path]:
        return sorted((self.folder / "outbox" / str(mailing)).glob("*.eml"))


def make(folder: Path, **environment: str) -> Workspace:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "newsletter.toml").write_text(SETTINGS, encoding="utf-8")
    workspace = Workspace(folder, dict(environment))
    workspace.write_issue()
    return workspace
