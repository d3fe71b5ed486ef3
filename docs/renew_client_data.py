"""caniemail.com -> newsletter/check/clients/data/caniemail.json, the table that is shipped. Run it by `make client-data`; needs the web."""

from __future__ import annotations

import sys
from pathlib import Path

from newsletter.cli.clients import ADDRESS, fetched, write_whole

TABLE = Path(__file__).parent.parent / "newsletter" / "check" / "clients" / "data" / "caniemail.json"


if __name__ == "__main__":
    write_whole(TABLE, fetched(sys.argv[1] if len(sys.argv) > 1 else ADDRESS).as_text())
