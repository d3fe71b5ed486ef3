"""`newsletter check`: what the settings' logo and an issue's language lack is told where it has to be mended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support import workspace as workspaces

if TYPE_CHECKING:
    from pathlib import Path


def test_a_missing_logo_is_told_at_newsletter_toml(tmp_path: Path) -> None:
    workspace = workspaces.make(tmp_path)
    file = tmp_path / "newsletter.toml"
    file.write_text(workspaces.SETTINGS + '[theme]\nlogo = "images/logo.png"\n')
    (problem,) = workspace.json("check", "walking", code=1)["problems"]
    line = file.read_text().splitlines().index('logo = "images/logo.png"') + 1
    assert (problem["code"], problem["file"], problem["line"]) == ("image-missing", str(file), line)


def test_a_french_issue_lacks_its_disclaimers_and_no_words(tmp_path: Path) -> None:
    workspace = workspaces.make(tmp_path)
    workspace.write_issue(workspaces.ISSUE.replace("date: 2026-12-01\n", "date: 2026-12-01\nlanguage: fr\n"))
    problems = workspace.json("check", "walking", code=1)["problems"]
    assert {problem["code"] for problem in problems} == {"disclaimer-missing", "prose-not-checked"}
    assert any("templates/disclaimers/general.fr.md" in problem["fix"] for problem in problems)
