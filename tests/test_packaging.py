"""The wheel, installed away from the checkout, has everything that the whole way needs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
pytestmark = pytest.mark.acceptance


def test_an_installed_wheel_goes_the_whole_way(tmp_path: Path) -> None:
    source = tmp_path / "source"
    subprocess.run(["git", "clone", "--quiet", "--no-hardlinks", ROOT, source], check=True)
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "wheel", "--no-deps", "--no-build-isolation", "-w", tmp_path, source], check=True)
    (wheel,) = tmp_path.glob("newsletter_pipeline-*.whl")
    # the libraries are those of this environment; only our own package comes from the wheel
    site = tmp_path / "site"
    subprocess.run([*pip, "install", "--no-deps", "--target", site, wheel], check=True)
    home = tmp_path / "home"
    home.mkdir()

    def newsletter(*words: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "newsletter.cli", *words],
            cwd=home,
            env={"PYTHONPATH": str(site), "PATH": "/usr/bin:/bin", "HOME": str(home)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    origin = newsletter("--version")
    newsletter("init", "letter")
    newsletter("-C", "letter", "new", "A second issue")
    newsletter("-C", "letter", "check", "welcome", "a-second-issue")
    newsletter("-C", "letter", "lists", "add", "friends")
    (home / "readers.csv").write_text("email,first_name\nada@example.org,Ada\n")
    newsletter("-C", "letter", "subscribers", "import", "readers.csv", "--list", "friends", "--consent", "On paper")
    newsletter("-C", "letter", "send", "welcome", "--to", "friends", "--yes")
    assert list((home / "letter" / "outbox" / "1").glob("*.eml"))
    assert (home / "letter" / ".gitignore").exists()
    assert origin.strip()
