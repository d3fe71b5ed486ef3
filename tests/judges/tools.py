"""Where `make test-deps` puts the judges that are not written in Python."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

_MODULES = Path(__file__).parent / "node_modules"
AXE = _MODULES / "axe-core" / "axe.min.js"
VNU = _MODULES / "vnu-jar" / "build" / "dist" / "vnu.jar"
JAVA = shutil.which("java")

NEEDS_AXE = pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed: run `make test-deps`")
NEEDS_VNU = pytest.mark.skipif(
    not (JAVA and VNU.exists()), reason="vnu-jar or the Debian package default-jre-headless is not installed"
)
