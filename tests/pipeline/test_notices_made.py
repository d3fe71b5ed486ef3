"""What notices look like: every kind in every language, and what a workspace makes of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from lxml import html

from newsletter.compose.links import notice_links
from newsletter.compose.message import compiled
from newsletter.compose.slots import fill
from newsletter.esp.sendgrid.request import request_body
from newsletter.model.letter import Envelope
from newsletter.model.notice_mail import NoticeKind
from newsletter.pipeline.notices_made import KINDS, NoticeMaker, mistakes, notice_letter
from newsletter.render import known_templates
from tests.support.mailing import BEGIN
from tests.support.notices import place_at

if TYPE_CHECKING:
    from pathlib import Path

    from newsletter.model.letter import Letter
    from newsletter.model.rendered import Rendered
    from newsletter.settings import Workspace

LANGUAGES = ("en", "de", "es", "fr", "he")
LINKS = notice_links("https://news.example.org", "AbCdEfGhIjKlMnOpQrStUvWxYz012345")
LINK_OF = {
    NoticeKind.CONFIRMATION: "/c/",
    NoticeKind.WELCOME: "/p/",
    NoticeKind.KNOWN: "/p/",
    NoticeKind.LINKS: "/p/",
    NoticeKind.DATA: "/d/",
    NoticeKind.ERASURE: "/e/",
}
OWN = (
    '---\nsubject: "Yes?"\nwhy: Somebody typed it.\n---\n\nPress it.\n\n::: button href="{{ confirm_url }}"\nYes\n:::\n'
)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return place_at(tmp_path_factory.mktemp("notices"))


@pytest.fixture(scope="module")
def maker(place: Workspace) -> NoticeMaker:
    return NoticeMaker(place)


def made(maker: NoticeMaker, kind: NoticeKind, language: str = "en") -> Rendered:
    notice = maker.made(kind, language, ("Healthy joints",))
    assert notice.problems == []
    assert notice.rendered is not None
    return notice.rendered


def write(place: Workspace, name: str, text: str = OWN) -> Path:
    folder = place.templates / "notices"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_speaks_every_language(maker: NoticeMaker, kind: NoticeKind, language: str) -> None:
    rendered = made(maker, kind, language)
    assert rendered.language == language
    page = html.fromstring(fill(rendered.html, LINKS))
    assert page.get("dir") == ("rtl" if language == "he" else "ltr")
    targets = [one.get("href") for one in page.iter("a")]
    text = fill(rendered.text, LINKS)
    if kind is not NoticeKind.ALERT:
        assert any(LINK_OF[kind] in target for target in targets if target)
        assert LINK_OF[kind] in text
    assert "{{" not in text
    leaves = kind in {NoticeKind.WELCOME, NoticeKind.KNOWN, NoticeKind.LINKS}
    assert any("/u/" in target for target in targets if target) is ("/u/" in text) is leaves
    assert "/v/" not in text


def test_a_confirmation_says_what_for_how_long_and_what_else(maker: NoticeMaker) -> None:
    text = " ".join(fill(made(maker, NoticeKind.CONFIRMATION).text, LINKS).split())
    for said in (
        "*Healthy joints*",
        "works for 7 days",
        "opens a page with a button",
        "If that was not you, do nothing",
    ):
        assert said in text


@pytest.mark.parametrize(("kind", "said"), [(NoticeKind.DATA, "24 Stunden"), (NoticeKind.LINKS, "30 Tage")])
def test_how_long_a_link_works_is_said_as_the_language_counts(maker: NoticeMaker, kind: NoticeKind, said: str) -> None:
    assert said in fill(made(maker, kind, "de").text, LINKS)


@pytest.mark.parametrize(
    ("asked", "spoken"),
    [("de-AT", "de"), ("pt", "fr"), ("", "fr"), ("../../de", "fr"), ("xx" * 40, "fr"), ("<b>", "fr")],
)
def test_a_language_that_is_not_there_falls_back_to_the_newsletters_own(
    tmp_path: Path, asked: str, spoken: str
) -> None:
    assert made(NoticeMaker(place_at(tmp_path, language="fr")), NoticeKind.LINKS, asked).language == spoken


def test_and_then_to_english(tmp_path: Path) -> None:
    assert made(NoticeMaker(place_at(tmp_path, language="pt")), NoticeKind.LINKS).language == "en"


def test_a_file_of_the_workspace_replaces_ours_alone(tmp_path: Path) -> None:
    place = place_at(tmp_path)
    write(place, "confirmation.en.md")
    maker = NoticeMaker(place)
    assert fill(made(maker, NoticeKind.CONFIRMATION).subject, {}) == "Yes?"
    assert fill(made(maker, NoticeKind.CONFIRMATION, "de").subject, {}).startswith("Bitte")
    assert mistakes(place) == []


def test_a_workspace_brings_a_language_of_its_own(tmp_path: Path) -> None:
    place = place_at(tmp_path)
    write(place, "confirmation.pt.md")
    assert NoticeMaker(place).made(NoticeKind.CONFIRMATION, "pt-BR", ()).rendered is not None
    assert made(NoticeMaker(place), NoticeKind.LINKS, "pt-BR").language == "en"


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("no front matter", 1, "front matter"),
        (OWN.replace("why: Somebody typed it.\n", ""), 1, "`why`"),
        (OWN.replace("{{ confirm_url }}", "https://example.org"), 1, "no link to `confirm_url`"),
        (OWN.replace("Press it.", "Dear {{ first_name }},"), 6, "first_name"),
        (OWN.replace("Somebody typed it.", '"{{ confirm_url }}"'), 3, "cannot have links"),
        (OWN.replace("{{ confirm_url }}", "{{ erase_url }}"), 8, "erase_url"),
        (OWN.partition("Press")[0], 5, "no text"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_nothing_is_made(tmp_path: Path, text: str, line: int, said: str) -> None:
    place = place_at(tmp_path)
    file = write(place, "confirmation.en.md", text)
    notice = NoticeMaker(place).made(NoticeKind.CONFIRMATION, "en", ())
    assert notice.rendered is None
    told = {(problem.place.file, problem.place.line) for problem in notice.problems if said in problem.message}
    assert told == {(str(file), line)}
    assert set(notice.problems) <= set(mistakes(place))


def test_a_file_of_no_kind_is_told(tmp_path: Path) -> None:
    place = place_at(tmp_path)
    write(place, "confirm.en.md")
    (problem,) = mistakes(place)
    assert "no notice is called `confirm.en.md`" in problem.message


def test_a_broken_layout_of_the_workspace_is_told(tmp_path: Path) -> None:
    place = place_at(tmp_path)
    layout = place.templates / "email" / "notice.html.j2"
    layout.parent.mkdir(parents=True)
    layout.write_text(
        '{% extends "email/base.html.j2" %}\n{% block footer %}{{ nothing }}{% endblock %}', encoding="utf-8"
    )
    notice = NoticeMaker(place).made(NoticeKind.LINKS, "en", ())
    assert notice.rendered is None
    assert [(one.place.file, one.place.line) for one in notice.problems] == [(str(layout), 2)]


def test_no_issue_can_have_the_layout_in_which_nobody_can_leave() -> None:
    assert "notice" not in known_templates(())


def letter(maker: NoticeMaker, place: Workspace, *, asked_for: bool) -> Letter:
    return notice_letter(place, made(maker, NoticeKind.CONFIRMATION), (), BEGIN, asked_for=asked_for)


ENVELOPE = Envelope(n=1, address="ada@example.org", name="", values=LINKS)


def test_machines_are_asked_not_to_answer_and_no_list_can_be_left(maker: NoticeMaker, place: Workspace) -> None:
    head = compiled(letter(maker, place, asked_for=True)).bytes_for(ENVELOPE).partition(b"\r\n\r\n")[0]
    assert b"\r\nAuto-Submitted: auto-generated\r\n" in head
    assert b"List-" not in head
    proof = compiled(letter(maker, place, asked_for=False)).bytes_for(ENVELOPE).partition(b"\r\n\r\n")[0]
    assert b"Auto-Submitted" not in proof


@pytest.mark.parametrize("sandbox", [False, True])
def test_sendgrid_is_told_that_it_was_asked_for(maker: NoticeMaker, place: Workspace, sandbox: bool) -> None:
    """Past its own list of who left; never past bounces and complaints."""
    body = request_body(letter(maker, place, asked_for=True), "attempt", [ENVELOPE], sandbox=sandbox)
    bypass = {"bypass_unsubscribe_management": {"enable": True}}
    assert body["mail_settings"] == bypass | ({"sandbox_mode": {"enable": True}} if sandbox else {})
    assert body["personalizations"][0]["headers"] == {"Auto-Submitted": "auto-generated"}
    proof = request_body(letter(maker, place, asked_for=False), "attempt", [ENVELOPE], sandbox=False)
    assert "mail_settings" not in proof
    assert "headers" not in proof["personalizations"][0]
