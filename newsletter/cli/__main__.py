"""`python -m newsletter.cli` is `newsletter`."""

from __future__ import annotations

from newsletter.cli.main import main

main()
