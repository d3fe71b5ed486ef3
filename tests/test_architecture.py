"""Imports point down only, and the list of packages is true."""

from __future__ import annotations

import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_imports_point_down_only() -> None:
    # a process of its own: the linter sets up logging for everybody
    command = [str(Path(sys.executable).with_name("lint-imports")), "setup.cfg", "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_setup_cfg_names_every_package() -> None:
    config = ConfigParser()
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    named = set(config["options"]["packages"].split("\n")) - {"", "newsletter.templates"}
    named = {line for line in named if not line.startswith("#")}
    on_disk = {".".join(path.parent.relative_to(ROOT).parts) for path in (ROOT / "newsletter").rglob("__init__.py")}
    assert named == on_disk


def test_modules_open_with_a_docstring() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "newsletter").rglob("*.py")
        if path.read_text(encoding="utf-8").strip() and not path.read_text(encoding="utf-8").startswith(('"""', 'r"""'))
    ]
    assert silent == []
