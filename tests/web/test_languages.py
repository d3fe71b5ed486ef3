"""The language of pages that belong to no reader: asked for by their address, by the browser, or the newsletter's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from newsletter.web.languages import chosen, own_name
from newsletter.web.pages import Pages
from tests.web.sample_mailing import client, page_of, sample_mailing, settings

if TYPE_CHECKING:
    from pathlib import Path

OURS = ("de", "en", "es", "fr", "he")


@pytest.mark.parametrize(
    ("accepted", "found"),
    [
        ("", "en"),
        ("de", "de"),
        ("de-AT,de;q=0.9,en;q=0.8", "de"),
        ("en;q=0.1, FR ; q=0.9", "fr"),
        ("ja, es;q=0.2", "es"),
        ("iw-IL", "he"),
        ("de;q=0, *", "en"),
        ("ja,*;q=0.5", "en"),
        ("de;q=high, es;q=2, fr", "fr"),
        ("\x00;;,=,de;q", "en"),
        (", " * 50_000 + "de", "en"),
        ("de-" + "a-" * 50_000 + "a", "de"),
    ],
)
def test_the_browser_says_which_language_is_liked_best(accepted: str, found: str) -> None:
    assert chosen("", accepted, OURS, "en") == found


@pytest.mark.parametrize(
    ("wanted", "known", "found"),
    [
        ("de-AT", ("de", "de-AT"), "de-AT"),
        ("de-CH", ("de-AT", "de"), "de"),
        ("pt", ("en", "pt-BR"), "pt-BR"),
        ("zh-Hant-TW", ("zh-Hans", "zh-Hant"), "zh-Hant"),
        ("en-US", ("en-GB", "de"), "en-GB"),
    ],
)
def test_the_nearest_form_of_a_language_is_found(wanted: str, known: tuple[str, ...], found: str) -> None:
    assert chosen(wanted, "", known, "fr") == found
    assert chosen("", wanted, known, "fr") == found


def test_the_address_goes_before_the_browser() -> None:
    assert chosen("es", "de", OURS, "en") == "es"
    assert chosen("../de", "fr", OURS, "en") == "fr"


@pytest.mark.parametrize(
    ("tag", "name"), [("de", "Deutsch"), ("es", "Español"), ("he", "עברית"), ("pt-BR", "Português"), ("xx", "xx")]
)
def test_languages_have_their_own_names(tag: str, name: str) -> None:
    assert own_name(tag, alone=True) == name


def test_two_forms_of_one_language_are_told_apart() -> None:
    assert own_name("pt-BR", alone=False) == "Português (Brasil)"


def test_the_newsletters_own_form_stands_for_its_language() -> None:
    named = dict(Pages(settings(language="en-GB"), ()).languages())
    assert named["en-GB"] == "English"
    assert "en" not in named


@pytest.fixture
def dutch(tmp_path: Path, finished_database: Path) -> Any:
    """The pages of a workspace that brings a language, and a file that is broken."""
    from tests.web.sample_mailing import copy_database

    copy_database(finished_database, tmp_path)
    folder = tmp_path / "templates" / "translations"
    folder.mkdir(parents=True)
    (folder / "nl.toml").write_text('join_links_title = "Wijzig wat u ontvangt"\n', "utf-8")
    (folder / "it.toml").write_text("broken", "utf-8")
    (folder / "notes.txt").write_text("none", "utf-8")
    made = sample_mailing(tmp_path, template_folders=(tmp_path / "templates",))
    yield client(made.app)
    made.store.close()


@pytest.mark.parametrize("path", ["/", "/links"])
def test_a_workspace_adds_a_language_of_its_own(dutch: Any, path: str) -> None:
    page = page_of(dutch.get(path, headers={"Accept-Language": "nl-BE,en;q=0.5"}).text)
    assert page.get("lang") == "nl"
    assert "Wijzig wat u ontvangt" in page.text_content()
    named = {link.get("hreflang"): link.text_content() for link in page.findall(".//footer//nav//a")}
    assert named == {
        "de": "Deutsch", "en": "English", "es": "Español", "fr": "Français", "he": "עברית", "nl": "Nederlands"
    }  # fmt: skip


def test_a_page_can_be_had_in_each_language_and_the_next_one_follows(web: Any) -> None:
    page = page_of(web.get("/", headers={"Accept-Language": "de"}).text)
    for link in page.findall(".//footer//nav//a"):
        shown = page_of(web.get(f"/{link.get('href')}", headers={"Accept-Language": "de"}).text)
        assert shown.get("lang") == link.get("hreflang")
        assert shown.get("dir") == ("rtl" if shown.get("lang") == "he" else "ltr")
        [here] = shown.xpath("//footer//nav//a[@aria-current]")
        assert here.get("hreflang") == shown.get("lang")
        assert all(door.get("href").endswith(f"lang={shown.get('lang')}") for door in shown.findall(".//main//a"))


def test_a_page_of_a_reader_offers_no_other_language(mailing: Any, web: Any) -> None:
    page = page_of(web.get(f"/u/{mailing.token(2)}?lang=fr", headers={"Accept-Language": "es"}).text)
    assert page.get("lang") == "de-AT"
    assert page.xpath("//*[@hreflang]") == []


def test_a_link_that_leads_nowhere_is_told_in_the_language_that_the_browser_asks_for(web: Any) -> None:
    for path in ("/u/x", "/c/x", "/archive/x", "/nothing"):
        assert page_of(web.get(path, headers={"Accept-Language": "de"}).text).get("lang") == "de", path
        assert page_of(web.get(f"{path}?lang=he").text).get("lang") == "he", path
