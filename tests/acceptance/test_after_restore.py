"""A restored backup has forgotten a mailing, and nobody gets it a second time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.workspace import ISSUE

if TYPE_CHECKING:
    from tests.support.workspace import Workspace

pytestmark = pytest.mark.acceptance


def test_what_went_out_after_the_backup_is_not_sent_again_by_cron_or_by_mistake(workspace: Workspace) -> None:
    workspace.import_readers("email\nada@example.org\ngrace@example.org\n")
    for issue in ("second", "third"):
        workspace.write_issue(ISSUE, issue)
    second, third = (("send", issue, "--to", "friends", "--yes") for issue in ("second", "third"))
    file = workspace.json("db", "backup")["path"]
    workspace.run(*second)
    said = workspace.run("db", "restore", file, "--yes").stdout
    assert "These issues went out, and the backup does not know it: second." in said
    assert "No new mailing begins until you say that you have looked: newsletter db restore --checked" in said
    for command, words in ((second, "second went out after the backup"), (third, "no new mailing since a backup")):
        refused = workspace.run(*command, code=4).stderr
        assert (words in refused.lower(), "newsletter db restore --checked" in refused) == (True, True)
    assert "Stopped   no new mailing" in workspace.run("send", "third", "--to", "friends", "--dry-run").stdout
    assert "(restored)" in workspace.run("db", "check").stdout
    assert workspace.json("mailings", "list")["mailings"] == []
    assert "--yes" in workspace.run("db", "restore", "--checked", code=2).stderr
    assert "Still held back" in workspace.run("db", "restore", "--checked", "--yes").stdout
    facts = workspace.json("db", "restore", "--checked", "--yes")
    assert (facts["confirmed"], facts["forgotten"], facts["compared"]) == (False, ["second"], True)
    assert "(restored)" not in workspace.run("db", "check").stdout
    assert "newsletter send second --again REASON" in workspace.run(*second, code=4).stderr
    assert workspace.json(*third)["outcomes"]["accepted"] == 2
    assert workspace.json(*second, "--again", "the first one had no picture")["outcomes"]["accepted"] == 2
