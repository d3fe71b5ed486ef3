"""`newsletter subscribers prune`."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from tests.support import workspace as workspaces

if TYPE_CHECKING:
    from pathlib import Path


def test_old_mails_go_and_new_ones_stay(tmp_path: Path) -> None:
    place = workspaces.make(tmp_path / "letters")
    place.import_readers("email\nada@example.org\nbob@example.org\n")
    for name in ("1/000001.eml", "1/000002.eml", "notices/000001.part"):
        file = place.folder / "outbox" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    os.utime(place.folder / "outbox/1/000001.eml", (0, 0))
    os.utime(place.folder / "outbox/notices/000001.part", (0, 0))
    words = ("subscribers", "prune", "--pending-days", "30", "--outbox-days", "30")
    assert place.json(*words, "--dry-run") == {"people": 0, "files": 2, "dry_run": True}
    assert "--yes" in place.run(*words, code=2).stderr
    assert place.run(*words, "--yes").stdout == "Deleted: 0 people who never agreed, 2 mails of the outbox.\n"
    assert [file.name for file in place.mails()] == ["000002.eml"]
    assert "Say what may go" in place.run("subscribers", "prune", code=2).stderr
