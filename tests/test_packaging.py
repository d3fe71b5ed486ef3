"""The wheel, installed into a fresh environment away from the checkout, has everything that the whole way needs."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
pytestmark = pytest.mark.acceptance


def run(*words: str | Path, cwd: Path) -> str:
    """The command in an environment that knows nothing of ours."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("NEWSLETTER_", "PYTHON", "COV_"))}
    done = subprocess.run([*map(str, words)], cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{words}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture
def wheel(tmp_path: Path) -> Path:
    """Built from what git knows, so that a file that was never added is missed here."""
    source = tmp_path / "source"
    run("git", "clone", "--quiet", ROOT, source, cwd=tmp_path)
    run(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", tmp_path, source, cwd=tmp_path)
    (built,) = tmp_path.glob("newsletter_pipeline-*.whl")
    return built


def test_an_installed_wheel_goes_the_whole_way(wheel: Path, tmp_path: Path) -> None:
    run(sys.executable, "-m", "venv", "fresh", cwd=tmp_path)
    run(tmp_path / "fresh" / "bin" / "pip", "install", "--quiet", wheel, cwd=tmp_path)
    home = tmp_path / "home"
    home.mkdir()

    def newsletter(*words: str) -> str:
        return run(tmp_path / "fresh" / "bin" / "newsletter", *words, cwd=home)

    newsletter("init", "letter")
    newsletter("-C", "letter", "new", "A second issue")
    newsletter("-C", "letter", "check", "welcome", "a-second-issue")
    newsletter("-C", "letter", "lists", "add", "friends")
    (home / "readers.csv").write_text("email,first_name\nada@example.org,Ada\n")
    newsletter("-C", "letter", "subscribers", "import", "readers.csv", "--list", "friends", "--consent", "On paper")
    newsletter("-C", "letter", "send", "welcome", "--to", "friends", "--yes")
    assert list((home / "letter" / "outbox" / "1").glob("*.eml"))
    assert (home / "letter" / ".gitignore").exists()
    assert "newsletter.settings" not in newsletter("schema", "settings")
