"""The browser of the tests, for those who start it and for those who hand it to a command."""

from __future__ import annotations

import shutil
from pathlib import Path

#: Debian's
CHROMIUM = shutil.which("chromium")
#: the same, sooner: what it leaves out no page shows
QUICK_CHROMIUM = Path(__file__).with_name("quick_chromium.sh")
