"""The wheel, installed into a fresh environment away from the checkout, has everything that the whole way needs."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.metadata import Distribution, distribution
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from packaging.requirements import Requirement

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
pytestmark = pytest.mark.acceptance


def run(*words: str | Path, cwd: Path) -> str:
    """The command in an environment that knows nothing of ours, and does not ask a spam filter of this machine."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("NEWSLETTER_", "PYTHON", "COV_"))}
    environment["NEWSLETTER_CHECKS_SPAM_FILTER"] = "false"
    done = subprocess.run([*map(str, words)], cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{words}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture
def wheel(tmp_path: Path) -> Path:
    """Built from what git knows, so that a file that was never added is missed here."""
    source = tmp_path / "source"
    run("git", "clone", "--quiet", ROOT, source, cwd=tmp_path)
    here = ("--quiet", "--no-deps", "--no-index", "--no-build-isolation")
    run(sys.executable, "-m", "pip", "wheel", *here, "--wheel-dir", tmp_path, source, cwd=tmp_path)
    (built,) = tmp_path.glob("newsletter_pipeline-*.whl")
    return built


@pytest.fixture
def fresh(wheel: Path, tmp_path: Path) -> Path:
    """The programs of an environment with the wheel, and with nothing of ours but what the wheel asks for."""
    run(sys.executable, "-m", "venv", "--without-pip", "fresh", cwd=tmp_path)
    programs = tmp_path / "fresh" / "bin"
    pip = (sys.executable, "-m", "pip", "--python", programs / "python")
    run(*pip, "install", "--quiet", "--no-deps", "--no-index", wheel, cwd=tmp_path)
    (packages,) = tmp_path.glob("fresh/lib/python3*/site-packages")
    for wanted in needed(Distribution.at(next(packages.glob("newsletter_pipeline-*.dist-info")))):
        link(wanted, packages)
    run(*pip, "check", cwd=tmp_path)
    return programs


def needed(asking: Distribution) -> Iterator[Distribution]:
    """Those that an installer would fetch, as they are installed here; one may come twice."""
    known: set[tuple[str, str]] = set()

    def of(one: Distribution, extra: str) -> Iterator[Distribution]:
        for wish in map(Requirement, one.requires or ()):
            if wish.marker and not wish.marker.evaluate({"extra": extra}):
                continue
            for each in {"", *wish.extras}:
                if (wish.name, each) not in known:
                    known.add((wish.name, each))
                    found = distribution(wish.name)
                    yield found
                    yield from of(found, each)

    return of(asking, "")


def link(one: Distribution, packages: Path) -> None:
    """Show its modules in the other environment."""
    for name in {file.parts[0] for file in one.files or ()} - {"..", "__pycache__"}:
        place = packages / name
        if not place.exists():
            place.symlink_to(str(one.locate_file(name)))


@pytest.mark.thorough
def test_an_installed_wheel_goes_the_whole_way(fresh: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()

    def newsletter(*words: str) -> str:
        return run(fresh / "newsletter", *words, cwd=home)

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
