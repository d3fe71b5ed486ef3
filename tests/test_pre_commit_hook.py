"""The hook for pre-commit: which files it takes, and that its command does with their names what it is meant to."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from ruamel.yaml import YAML

from newsletter.cli.main import COMMANDS, cli
from tests.support import workspace as workspaces

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).parent.parent
#: https://pre-commit.com/#new-hooks
KNOWN_KEYS = {
    *("id", "name", "entry", "language", "files", "exclude", "types", "types_or", "exclude_types", "always_run"),
    *("fail_fast", "verbose", "pass_filenames", "require_serial", "description", "language_version"),
    *("minimum_pre_commit_version", "args", "stages"),
}


@pytest.fixture(scope="module")
def hook() -> dict[str, object]:
    hooks = YAML(typ="safe").load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    assert [one["id"] for one in hooks] == ["newsletter-check"]
    found: dict[str, object] = hooks[0]
    return found


def test_it_has_the_keys_that_pre_commit_knows(hook: dict[str, object]) -> None:
    assert {"id", "name", "entry", "language"} <= hook.keys() <= KNOWN_KEYS
    assert (hook["language"], hook["require_serial"]) == ("python", True)


def test_its_entry_is_a_command_of_ours(hook: dict[str, object]) -> None:
    program, command = shlex.split(str(hook["entry"]))
    assert program == "newsletter"
    assert command in COMMANDS


@pytest.mark.parametrize(
    ("file", "taken"),
    [
        ("issues/walking/issue.md", True),
        ("issues/walking.md", True),
        ("issues/walking/references.json", True),
        ("issues/walking/images/knee.jpg", True),
        ("letters/issues/walking/issue.md", True),
        ("newsletter.toml", True),
        ("letters/newsletter.toml", True),
        ("templates/disclaimers/general.en.md", True),
        ("templates/email/article.html.j2", True),
        ("styles/ours.csl", True),
        ("templates/web/page.html.j2", False),
        ("issues/sample-readers.csv", False),
        ("README.md", False),
        ("tests/my_issues/walking.md", False),
        ("newsletter.toml.bak", False),
    ],
)
def test_it_takes_the_files_that_readers_see_something_of(hook: dict[str, object], file: str, taken: bool) -> None:
    matches = re.search(str(hook["files"]), file) and not re.search(str(hook["exclude"]), file)
    assert bool(matches) is taken


class TestItsCommand:
    @pytest.fixture
    def folder(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        """A repository with the workspace in a folder of its own; pre-commit starts hooks at the top."""
        made = workspaces.make(tmp_path / "letters")
        made.write_issue("---\ntitle: Broken\ncolour: red\n---\n\nWords.\n", "broken")
        (made.folder / "issues" / "readers.csv").write_text("email\n")
        (made.folder / "issues" / "walking" / "refs.json").write_text("[]")
        monkeypatch.setenv("NEWSLETTER_CHECKS_SPAM_FILTER", "false")
        monkeypatch.chdir(tmp_path)
        return made.folder

    def run(self, hook: dict[str, object], names: Sequence[str], code: int) -> str:
        words = [*shlex.split(str(hook["entry"]))[1:], *names]
        done = CliRunner().invoke(cli, words, standalone_mode=False)
        if done.exception:
            raise done.exception
        assert done.return_value == code, done.output
        return done.stdout

    @pytest.mark.parametrize(
        ("names", "count", "code"),
        [
            (["letters/issues/walking/issue.md"], 1, 0),
            (["letters/issues/broken/issue.md"], 1, 1),
            (["letters/issues/walking/issue.md", "letters/issues/broken/issue.md"], 2, 1),
            (["letters/issues/walking/refs.json"], 1, 0),
            (["letters/issues/walking/refs.json", "letters/issues/walking/issue.md"], 1, 0),
            (["letters/newsletter.toml"], 2, 1),
            (["letters/newsletter.toml", "letters/issues/walking/issue.md"], 2, 1),
            (["letters/issues/readers.csv"], 0, 0),
        ],
    )
    def test_the_issues_that_the_files_belong_to_are_checked(
        self, hook: dict[str, object], folder: Path, names: list[str], count: int, code: int
    ) -> None:
        said = self.run(hook, names, code)
        assert f"{count} issue{'' if count == 1 else 's'} checked" in said
        assert ("[front-matter-unknown-key]" in said) is bool(code)
