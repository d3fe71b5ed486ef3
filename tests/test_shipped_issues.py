"""The sample issue has nothing to complain about but gaps in two of its records; a new workspace lacks only what must be filled in."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from newsletter.model.problem import Level
from newsletter.pipeline import prepare
from newsletter.settings import load

if TYPE_CHECKING:
    from newsletter.pipeline import Prepared

ROOT = Path(__file__).parent.parent
STARTER = Path(str(files("newsletter.templates"))) / "starter"
NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
#: what an author or the owner of a new workspace has to fill in
TO_FILL_IN = {"text-leftover", "settings-leftover", "sender-phone-missing"}


#: its records are as their register has them, without the volume of two of the papers
GAPS = {"reference-no-volume", "reference-no-pages", "reference-title-case"}
#: in another language its English words are not read, and that is told
NOT_READ = {"language-differs", "prose-not-checked", "claims-not-screened"}


def prepared(folder: Path, slug: str) -> Prepared:
    return prepare(load(folder, {}), folder / "issues" / slug / "issue.md", NOW)


def test_the_sample_issue_has_no_problem_and_cites_all_its_records() -> None:
    sample = prepared(ROOT, "running-after-hip-resurfacing")
    assert [problem.message for problem in sample.problems if problem.code not in GAPS] == []
    assert {problem.level for problem in sample.problems} == {Level.INFORMATION}
    assert sample.rendered is not None
    records = json.loads((sample.path.parent / "hip-references.csl.json").read_text("utf-8"))
    assert sorted(sample.rendered.references) == sorted(record["id"] for record in records)
    assert [name.partition("@")[0] for name in sample.rendered.disclaimers] == [
        "general",
        "emergency",
        "no-guarantee",
        "delivery",
    ]


def test_the_starters_welcome_issue_lacks_only_what_must_be_filled_in(tmp_path: Path) -> None:
    shutil.copytree(STARTER, tmp_path, dirs_exist_ok=True)
    welcome = prepared(tmp_path, "welcome")
    assert welcome.rendered is not None
    assert welcome.rendered.references == ("levine2017",)
    assert {(problem.code, problem.level) for problem in welcome.problems} == {
        (code, Level.WARNING) for code in TO_FILL_IN
    }


def test_a_new_issue_lacks_only_what_must_be_filled_in(tmp_path: Path) -> None:
    shutil.copytree(STARTER, tmp_path, dirs_exist_ok=True)
    skeleton = (STARTER / "new-issue.md").read_text("utf-8")
    title = 'A "quoted": title # with everything'
    issue = tmp_path / "issues" / "new" / "issue.md"
    issue.parent.mkdir()
    issue.write_text(skeleton.replace("__TITLE__", json.dumps(title)).replace("__DATE__", "2026-12-24"), "utf-8")
    new = prepared(tmp_path, "new")
    assert new.issue is not None
    assert (new.issue.title, str(new.issue.date)) == (title, "2026-12-24")
    assert {problem.code for problem in new.problems} == TO_FILL_IN
    assert {problem.level for problem in new.problems} == {Level.WARNING}


def test_the_sample_reads_in_every_shipped_language(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "issues", tmp_path / "issues")
    shutil.copy(ROOT / "newsletter.toml", tmp_path)
    issue = tmp_path / "issues" / "running-after-hip-resurfacing" / "issue.md"
    english = issue.read_text("utf-8")
    for language in ("de", "es", "es-MX"):
        issue.write_text(english.replace("---\n", f"---\nlanguage: {language}\n", 1), "utf-8")
        problems = prepared(tmp_path, "running-after-hip-resurfacing").problems
        assert [p.message for p in problems if p.code not in NOT_READ | GAPS] == []  # its words stay English


def test_a_mention_of_stem_cells_brings_the_disclaimer_into_both_parts(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "issues", tmp_path / "issues")
    shutil.copy(ROOT / "newsletter.toml", tmp_path)
    issue = tmp_path / "issues" / "running-after-hip-resurfacing" / "issue.md"
    issue.write_text(issue.read_text("utf-8") + "\n\nNothing about *stem*\\\ncells here.\n", "utf-8")
    rendered = prepared(tmp_path, "running-after-hip-resurfacing").rendered
    assert rendered is not None
    assert "not-fda-approved@1" in rendered.disclaimers
    for parts in (rendered.html, rendered.text):
        assert "(FDA)" in "".join(part for part in parts if isinstance(part, str))
