"""The texts that are shipped: disclaimers, translations, the starter, and the sample readers."""

from __future__ import annotations

import csv
import re
import string
import tomllib
import unicodedata
from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest
from email_validator import validate_email

from newsletter.settings import load

TEMPLATES = Path(str(files("newsletter.templates")))
ROOT = Path(__file__).parent.parent
LANGUAGES = ("en", "es", "de")
#: those in which a mail says its own words; disclaimers, which are legal texts, are not shipped in all of them
SPOKEN = (*LANGUAGES, "fr", "he")
DISCLAIMERS = ("general", "emergency", "no-guarantee", "not-fda-approved", "delivery")


def words_of(language: str) -> dict[str, str]:
    return {
        key: str(value)
        for key, value in tomllib.loads((TEMPLATES / "translations" / f"{language}.toml").read_text("utf-8")).items()
    }


def names_in(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("language", SPOKEN)
def test_every_language_says_the_same_things_with_the_same_names(language: str) -> None:
    english, other = words_of("en"), words_of(language)
    assert other.keys() == english.keys()
    assert {key: names_in(text) for key, text in other.items()} == {
        key: names_in(text) for key, text in english.items()
    }
    assert [key for key, text in other.items() if not text.strip()] == []


def test_every_language_that_is_shipped_is_tested() -> None:
    assert {path.stem for path in (TEMPLATES / "translations").glob("*.toml")} == set(SPOKEN)


def test_french_keeps_its_spaces_before_double_marks_and_hebrew_its_letters() -> None:
    for text in words_of("fr").values():
        assert not re.search(r"(?<!\u00a0)[:;?!]", text), text
        assert "'" not in text
    for key, text in words_of("he").items():
        assert key == "colon" or re.search("[\u05d0-\u05ea]", text), key
        # but for names, and for what is set apart to run from left to right
        assert not re.search("[A-Za-z]", re.sub("\\{\\w+\\}|\u2066.*?\u2069|Atom|JSON", "", text)), key


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", DISCLAIMERS)
def test_every_disclaimer_is_there_in_every_language_and_short_enough_to_be_read(name: str, language: str) -> None:
    _, head, body = (TEMPLATES / "disclaimers" / f"{name}.{language}.md").read_text("utf-8").split("---\n", 2)
    assert f"id: {name}\n" in head
    assert f"effective_from: {date(2026, 1, 1)}\n" in head
    assert 40 <= len(body.split()) <= 110
    assert "{{" not in body


def test_the_delivery_disclaimer_says_that_filters_block_mail_and_asks_to_call() -> None:
    body = (TEMPLATES / "disclaimers" / "delivery.en.md").read_text("utf-8")
    for words in (
        "Spam filters and mail servers often block",
        "cannot answer for the receipt",
        "contacts",
        "call the practice",
    ):
        assert words in body


def test_the_starters_settings_are_valid_and_carry_the_default_policy() -> None:
    settings = load(TEMPLATES / "starter", {}).settings
    assert settings.esp.name == "outbox"
    assert settings.policy.required == ("general", "emergency", "no-guarantee", "delivery")


def test_every_setting_that_the_starter_shows_switched_off_is_valid_too(tmp_path: Path) -> None:
    text = (TEMPLATES / "starter" / "newsletter.toml").read_text("utf-8")
    switched_on = re.sub(r"^# (?=[\[a-z_]+\S* ?(?:=|\]|\s*#|$))", "", text, flags=re.MULTILINE)
    (tmp_path / "newsletter.toml").write_text(switched_on, "utf-8")
    settings = load(tmp_path, {}).settings
    assert settings.sender.phone
    assert settings.esp.sendgrid.sandbox
    assert settings.segments["runners"].equals == "running"


def readers() -> list[dict[str, str]]:
    with (ROOT / "issues" / "sample-readers.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_sample_reader_can_be_imported() -> None:
    rows = readers()
    assert len(rows) >= 36
    assert len({row["email"].casefold() for row in rows}) == len(rows)
    choices = {"", *load(ROOT, {}).settings.attributes["sport"].choices}
    for row in rows:
        validate_email(row["email"], check_deliverability=False, test_environment=True)
        assert None not in row.values()
        assert row["sport"] in choices
        assert not any(unicodedata.category(character) == "Cc" for character in "".join(row.values()))


def test_the_sample_readers_have_difficult_names() -> None:
    names = {f"{row['first_name']} {row['last_name']}" for row in readers()}
    everything = "\n".join(names)
    for difficult in ("O'Neill", "{{ 7*7 }}", "<script>", "%n", "-x-", "נועה", "أحمد", "王", "🌞", "Doe, Jane; M.D."):
        assert difficult in everything
    assert " " in names, "one has no name at all"
    assert max(map(len, names)) > 110
