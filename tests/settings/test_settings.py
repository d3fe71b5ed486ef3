"""newsletter.toml and the environment: every mistake with file, line and key, all at once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from newsletter.errors import BadSettings, FileUnreadable, WorkspaceNotFound
from newsletter.settings import Settings, find_workspace, load
from newsletter.settings.contrast import contrast
from tests.support.workspace import SETTINGS

if TYPE_CHECKING:
    from newsletter.model.problem import Problem
    from newsletter.settings import Workspace


def loaded(folder: Path, text: str = SETTINGS, **environment: str) -> Workspace:
    (folder / "newsletter.toml").write_text(text, encoding="utf-8")
    return load(folder, environment)


def problems(folder: Path, text: str = SETTINGS, **environment: str) -> list[Problem]:
    with pytest.raises(BadSettings) as found:
        loaded(folder, text, **environment)
    return list(found.value.problems)


def test_the_settings_of_the_contract_are_read(tmp_path: Path) -> None:
    settings = loaded(tmp_path).settings
    assert settings.sender.phone == ("213-555-0142",)
    assert settings.policy.required == ("general", "emergency", "no-guarantee", "delivery")
    assert settings.esp.sendgrid.recipients_per_request == 1000


def test_every_mistake_is_told_at_once_with_its_line(tmp_path: Path) -> None:
    text = (
        SETTINGS.replace('name = "Test Letters"', 'nme = "Test Letters"')
        .replace('"letters@example.org"', "5")
        .replace("America/Los_Angeles", "America/Los_Angles")
    )
    found = {(p.code, p.place.line) for p in problems(tmp_path, text)}
    assert {("settings-unknown-key", 2), ("settings-missing", 1), ("settings-value", 4), ("settings-type", 8)} <= found


def test_an_unknown_key_names_the_nearest(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, SETTINGS + '[theme]\nacent = "#112233"\n')
    assert problem.fix == "Did you mean `accent`?"


def test_broken_toml_is_told_with_its_line(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, "[newsletter]\nname = Larkmeadow\n")
    assert (problem.code, problem.place.line) == ("settings-syntax", 2)


def test_the_environment_wins_over_dot_env_which_wins_over_the_file(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("NEWSLETTER_ESP_NAME=fromdotenv\nNEWSLETTER_ESP_SMTP_PORT=2525\n")
    esp = loaded(tmp_path, SETTINGS, NEWSLETTER_ESP_NAME="fromenvironment").settings.esp
    assert (esp.name, esp.smtp.port) == ("fromenvironment", 2525)


def test_a_list_in_the_environment_is_separated_by_commas(tmp_path: Path) -> None:
    settings = loaded(tmp_path, SETTINGS, NEWSLETTER_SENDER_PHONE="555-0100, 555-0101").settings
    assert settings.sender.phone == ("555-0100", "555-0101")


def test_a_second_sender_is_taken_back_by_an_empty_variable(tmp_path: Path) -> None:
    with_it = SETTINGS + '[esp]\nfallback = "smtp"\n'
    assert loaded(tmp_path, with_it).settings.esp.fallback == "smtp"
    assert loaded(tmp_path, with_it, NEWSLETTER_ESP_FALLBACK="").settings.esp.fallback is None


def test_a_mistake_in_the_environment_names_the_variable(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, SETTINGS, NEWSLETTER_ESP_SMTP_PORT="many")
    assert problem.place.file == "NEWSLETTER_ESP_SMTP_PORT"


def test_a_misspelt_variable_is_not_silently_ignored(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, SETTINGS, NEWSLETTER_DATABSE_URL="sqlite:///other.db")
    assert "NEWSLETTER_DATABASE_URL" in problem.fix


def test_secrets_come_from_the_environment_and_are_never_shown(tmp_path: Path) -> None:
    workspace = loaded(tmp_path, SETTINGS, NEWSLETTER_SECRET="hush", SENDGRID_API_KEY="SG.hush", PATH="/bin")
    assert workspace.secrets == {"NEWSLETTER_SECRET": "hush", "SENDGRID_API_KEY": "SG.hush"}
    assert "hush" not in repr(workspace)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("https://news.example.org", "ftp://news.example.org", "not a web address"),
        ("ask@example.org", "ask at example", "not an email address"),
        ('"Test Clinic"', '"Test\\nClinic"', "line break"),
        ("[attributes]", '[sending]\nhours = "22:00-06:00"\n[attributes]', "hours over midnight are not possible"),
        ("[attributes]", "[sending]\ndays = []\n[attributes]", "there is no day in it"),
        ("[attributes]", '[sending]\nhours = "08:00-08:00"\n[attributes]', "not hours of a day"),
        ("[attributes]", "[signup]\nconfirm_days = 7\nforget_days = 3\n[attributes]", "would be forgotten before"),
        ("[attributes]", "[signup]\nconfirm_days = 45\n[attributes]", "would be forgotten before"),
        ("[attributes]", '[theme]\ntext = "red"\n[attributes]', "theme.text"),
        ("[attributes]", '[theme]\ntext = "#dddddd"\n[attributes]', "contrast"),
        ("[attributes]", '[theme.dark]\nlink = "#14181d"\n[attributes]', "contrast"),
        ("[attributes]", '[segments.x]\nattribute = "nothing"\nequals = "y"\n[attributes]', "nothing"),
    ],
)
def test_what_readers_would_suffer_from_is_refused(tmp_path: Path, old: str, new: str, words: str) -> None:
    assert any(words in problem.message for problem in problems(tmp_path, SETTINGS.replace(old, new)))


def test_a_relative_database_lies_in_the_workspace(tmp_path: Path) -> None:
    assert loaded(tmp_path).database_url == f"sqlite:///{tmp_path / 'newsletter.db'}"
    other = loaded(tmp_path, SETTINGS, NEWSLETTER_DATABASE_URL="postgresql://host/news")
    assert other.database_url == "postgresql://host/news"


def test_the_workspace_is_found_from_a_folder_inside_it(tmp_path: Path) -> None:
    loaded(tmp_path)
    (tmp_path / "issues" / "walking").mkdir(parents=True)
    assert find_workspace(tmp_path / "issues" / "walking") == tmp_path


def test_no_workspace_and_no_text_are_told(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceNotFound):
        load(tmp_path, {})
    (tmp_path / "newsletter.toml").write_bytes(b"\xff\xfe[\x00")
    with pytest.raises(FileUnreadable, match="UTF-8"):
        load(tmp_path, {})


def test_every_key_is_documented() -> None:
    page = (Path(__file__).parents[2] / "docs" / "settings.md").read_text(encoding="utf-8")
    schema = Settings.model_json_schema()
    keys = {key for model in [schema, *schema["$defs"].values()] for key in model.get("properties", {})}
    assert {key for key in keys if f"`{key}`" not in page} == set()


def test_white_on_black_is_21_to_1() -> None:
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#123456", "#123456") == pytest.approx(1)


@pytest.mark.parametrize(
    ("line", "what", "fix"),
    [
        ("title = “spring”", "curly quotes", "straight"),
        ("before = 17.05.1960", "a date is written differently", "2026-03-01"),
        ("member = True", "yes and no", "true or false"),
        ("share = 60%", "a number stands alone", "%"),
        ("size = 6,5", "a point, not a comma", "6.5"),
        ("[segments.läufer]", "the name of a section", "[segments.my-runners]"),
        ("[segments.my runners]", "the name of a section", "[segments.my-runners]"),
        ("not = {", "stays on one line", "a section of its own"),
        ("any = [{ tag = 'a' } { tag = 'b' }]", "a comma or a bracket", "comma between"),
        ("sport != 'running'", "one =", "not"),
        ("day = 2026-02-30", "no such day", "2026-03-01"),
        ("[newsletter]", "stands above already", "one section"),
        ("name = = 'x'", "Invalid value", "Texts stand in quotes"),
    ],
)
def test_a_line_that_toml_cannot_read_is_told_with_what_is_mostly_meant(
    tmp_path: Path, line: str, what: str, fix: str
) -> None:
    (problem,) = problems(tmp_path, f"{SETTINGS}\n{line}\n")
    assert problem.code == "settings-syntax"
    assert what in problem.message
    assert fix in problem.fix
