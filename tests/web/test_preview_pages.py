"""What the preview shows of an issue: its states, views, variants and readers."""

from __future__ import annotations

import logging
import re
import shutil
from typing import TYPE_CHECKING, Any

import pytest

import newsletter.web.preview.making
from newsletter.web.preview.emulation import VIEWS
from tests.support.preview import ISSUE, ORIGIN, a_desk, a_workspace, client_of
from tests.web.sample_mailing import page_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from newsletter.web.preview.desk import Desk
    from tests.support.workspace import Workspace

NOW = "/issues/walking/now"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return a_workspace(tmp_path)


@pytest.fixture
def desk(workspace: Workspace) -> Desk:
    return a_desk(workspace.folder)


@pytest.fixture
def web(desk: Desk) -> Iterator[Any]:
    with client_of(desk) as client:
        assert client.get("/issues/walking/").status_code == 200
        yield client


def after_saving(web: Any, desk: Desk, path: str = NOW) -> Any:
    """What is shown once the files as they are now are rendered, whether or not the watcher was quick."""
    desk.board.changed(None)
    web.get("/issues/walking/")  # waits for the rendering
    return web.get(path).json()


def test_the_list_has_title_date_and_state(web: Any, workspace: Workspace) -> None:
    workspace.write_issue("---\ntitle: Only a beginning\n---\n", slug="draft")
    (workspace.folder / "issues" / "broken.md").write_bytes(b"\xff\xfe\x00")
    for slug in ("draft", "broken"):
        web.get(f"/issues/{slug}/")
    lines = [" ".join(item.text_content().split()) for item in page_of(web.get("/").text).cssselect(".issues li")]
    assert lines[0] == "broken no date yet Cannot be shown"
    assert lines[1].startswith("Only a beginning no date yet ")
    assert lines[2].startswith("Walking after a knee operation 2026-12-01 1 warning")


def test_a_page_counts_its_problems_in_its_title(web: Any) -> None:
    page = page_of(web.get("/issues/walking/").text)
    assert page.findtext(".//title") == "(1 warning) Walking after a knee operation · Preview"
    [card] = page.cssselect(".card")
    assert card.cssselect(".it mark")[0].text == "TODO"
    assert card.cssselect(".it .number")[0].text == "19"
    assert "issues/walking/issue.md, line 19" in card.text_content()


def test_a_problem_leads_to_its_block_in_the_mail(web: Any) -> None:
    [card] = page_of(web.get("/issues/walking/").text).cssselect(".card")
    [block] = page_of(web.get("/issues/walking/mail").text).cssselect(f'[data-at="{card.get("data-block")}"]')
    assert block.text_content().strip() == "TODO the number."


def test_the_mail_is_shown_in_every_view(web: Any) -> None:
    for view in VIEWS:
        now = web.get(f"{NOW}?views={view.name}").json()
        assert now["html"] == web.get(f"/issues/walking/mail?views={view.name}").text
        assert "short walks" in now["html"]
        assert view.title in web.get("/issues/walking/").text
    assert "@media" not in web.get(f"{NOW}?views=no-media-queries,nonsense").json()["html"]


def test_source_and_text_are_those_that_are_sent(web: Any) -> None:
    now = web.get(f"{NOW}?views=dark").json()
    assert "data-at" not in now["source"]
    assert now["source"].startswith("<!DOCTYPE html>")
    assert now["text"].startswith("Test Letters")
    assert max(len(line) for line in now["text"].splitlines() if "http" not in line) <= 78


def test_words_of_an_author_are_never_markup_of_the_page(web: Any, desk: Desk, workspace: Workspace) -> None:
    workspace.write_issue(
        ISSUE.replace("Walking after", "<img src=x onerror=alert(1)> `<b>`").replace("TODO", "TODO<i>")
    )
    now = after_saving(web, desk)
    page = web.get("/issues/walking/").text
    for text in (page, *now["parts"].values()):
        assert "<img" not in text
        assert "<i>" not in text
        assert "<b>" not in text


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        ("---\ntitle: [oops\n---\nText\n", "cannot be read as it is"),
        ("no front matter\n", "cannot be read as it is"),
        ("", "cannot be read as it is"),
    ],
)
def test_a_broken_file_keeps_the_last_good_state_and_recovers(
    web: Any, desk: Desk, workspace: Workspace, broken: str, words: str
) -> None:
    good = web.get(NOW).json()
    workspace.write_issue(broken)
    now = after_saving(web, desk)
    assert now["broken"]
    assert words in now["parts"]["status"]
    assert "Below is how it last was, at" in now["parts"]["status"]
    assert now["html"] == good["html"]
    assert now["number"] > good["number"]
    workspace.write_issue(ISSUE.replace("short walks", "long walks"))
    now = after_saving(web, desk)
    assert not now["broken"]
    assert "long walks" in now["html"]


def test_what_was_never_good_is_shown_as_it_can_be(tmp_path: Path) -> None:
    workspace = a_workspace(tmp_path)
    workspace.write_issue("---\ntitle: [oops\n---\nStill some text.\n")
    with client_of(a_desk(tmp_path)) as web:
        web.get("/issues/walking/")
        now = web.get(NOW).json()
        assert now["broken"]
        assert "Still some text." in now["html"]
        assert "what can be made of it" in now["parts"]["status"]


def test_broken_settings_a_broken_template_and_a_deleted_issue_are_told(
    web: Any, desk: Desk, workspace: Workspace
) -> None:
    good = web.get(NOW).json()["html"]
    settings = workspace.folder / "newsletter.toml"
    right = settings.read_text("utf-8")
    settings.write_text(right.replace("base_url", "base_uri"), encoding="utf-8")
    now = after_saving(web, desk)
    assert "newsletter.toml has mistakes" in now["parts"]["status"]
    assert "base_uri" in now["parts"]["problems"]
    assert now["html"] == good
    settings.unlink()
    assert "newsletter.toml is gone" in after_saving(web, desk)["parts"]["status"]
    settings.write_text(right, encoding="utf-8")

    template = workspace.folder / "templates" / "email" / "article.html.j2"
    template.parent.mkdir(parents=True)
    template.write_text("{% if %}", encoding="utf-8")
    now = after_saving(web, desk)
    assert "A template has a mistake" in now["parts"]["status"]
    assert now["html"] == good
    shutil.rmtree(workspace.folder / "templates")

    shutil.rmtree(workspace.folder / "issues" / "walking")
    now = after_saving(web, desk)
    assert "file is gone" in now["parts"]["status"]
    assert now["html"] == good
    workspace.write_issue(ISSUE)
    now = after_saving(web, desk)
    assert not now["broken"]


def test_a_crash_while_rendering_is_words_and_the_preview_lives_on(
    web: Any, desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def crash(*_given: object) -> None:
        raise ZeroDivisionError("ada@example.org")

    good = web.get(NOW).json()["html"]
    with monkeypatch.context() as patched, caplog.at_level(logging.ERROR):
        patched.setattr(newsletter.web.preview.making, "_prepare", crash)
        now = after_saving(web, desk)
    assert "a fault of ours (ZeroDivisionError)" in now["parts"]["status"]
    assert "Traceback" not in now["parts"]["status"]
    assert "ada@example.org" not in now["parts"]["status"] + caplog.text
    assert now["html"] == good
    assert not after_saving(web, desk)["broken"]


def test_an_unknown_issue_is_a_page_that_leads_back(web: Any) -> None:
    answer = web.get("/issues/nothing/")
    assert answer.status_code == 404
    assert 'href="/"' in answer.text


def test_each_variant_can_be_chosen(web: Any) -> None:
    assert "You are on the board." not in web.get(NOW).json()["text"]
    now = web.get(f"{NOW}?variant=board").json()
    assert "You are on the board." in now["text"]
    assert '<option value="=board" selected>For readers in board</option>' in now["parts"]["variants"]
    assert "You are on the board." not in web.get(f"{NOW}?variant=").json()["text"]
    assert "You are on the board." not in web.get(f"{NOW}?variant=nobody-knows").json()["text"]


def test_typed_in_values_are_shown_and_stand_in_no_address(web: Any) -> None:
    values = {"first_name": "Zoë <b>", "email": "zoe@example.org", "unknown": "x"}
    key = web.post("/issues/walking/fields", data=values, headers={"Origin": ORIGIN}).json()["reader"]
    assert "zoe" not in key
    now = web.get(f"{NOW}?reader={key}").json()
    assert "Dear Zoë <b>," in now["text"]
    assert "Dear Zo&euml;" in now["source"] or "Zo\u00eb &lt;b&gt;" in now["source"] or "&lt;b&gt;" in now["source"]
    assert "Typed-in values" in now["parts"]["reader"]
    assert web.post("/issues/walking/fields", data={}, headers={"Origin": ORIGIN}).json() == {"reader": ""}


def typed(web: Any, **values: str) -> Any:
    return web.post("/issues/walking/fields", data=values, headers={"Origin": ORIGIN}).json()


def test_typed_in_values_decide_the_variant(web: Any) -> None:
    for city, is_on_board in (("Vienna", True), ("vienna", False), ("Graz", False), ("", False)):
        now = web.get(f"{NOW}?reader={typed(web, first_name='Zoë', city=city)['reader']}").json()
        assert ("You are on the board." in now["text"]) is is_on_board
        assert ("own: readers in board" in now["parts"]["variants"]) is is_on_board
        assert "says nothing of" not in now["parts"]["status"]


def test_typed_in_values_of_every_type_decide_and_a_list_never_does(workspace: Workspace, desk: Desk) -> None:
    path = workspace.folder / "newsletter.toml"
    more = 'member = { type = "yes-no" }\nyears = { type = "number" }\nsince = { type = "date" }'
    asked = {"one": ("member", "true"), "two": ("years", "1"), "three": ("since", "2026-12-01")}
    segments = "".join(f'[segments.{name}]\nattribute = "{of}"\nequals = {to}\n' for name, (of, to) in asked.items())
    path.write_text(path.read_text("utf-8").replace("[attributes]\n", f"[attributes]\n{more}\n") + segments, "utf-8")
    workspace.run("lists", "add", "friends")
    blocks = "".join(f'\n::: only audience="{name}"\nFor {name}.\n:::\n' for name in (*asked, "friends"))
    workspace.write_issue(ISSUE.partition("::: only")[0] + blocks)  # each further audience doubles the mails
    with client_of(desk) as web:
        web.get("/issues/walking/")
        for values, shown in (
            ({"member": "yes"}, {"one"}),
            ({"member": "no", "years": "1.0"}, {"two"}),
            ({"years": "2", "since": "2026-12-01", "member": "Y"}, {"one", "three"}),
        ):
            text = web.get(f"{NOW}?reader={typed(web, **values)['reader']}").json()["text"]
            assert {name for name in (*asked, "friends") if f"For {name}." in text} == shown


def test_what_typed_in_values_cannot_say_is_said(workspace: Workspace, desk: Desk) -> None:
    path = workspace.folder / "newsletter.toml"
    asked = (
        '[segments.board]\nlanguage = "de"\nnot = { any = [{ tag = "VIP" }, { sent = "spring" }, { list = "x" }] }\n'
    )
    path.write_text(path.read_text("utf-8").partition("[segments.board]")[0] + asked, "utf-8")
    with client_of(desk) as web:
        web.get("/issues/walking/")
        for language, is_on_board in (("de-AT", True), ("en", False)):
            now = web.get(f"{NOW}?reader={typed(web, language=language)['reader']}").json()
            assert ("You are on the board." in now["text"]) is is_on_board
            assert "says nothing of earlier letters, lists and tags" in now["parts"]["status"]


def test_a_typed_in_value_that_no_reader_can_have_is_refused_in_words(workspace: Workspace, web: Any) -> None:
    path = workspace.folder / "newsletter.toml"
    choices = 'city = { type = "choice", choices = ["Vienna", "Graz"] }\nmember = { type = "yes-no" }'
    path.write_text(path.read_text("utf-8").replace('city = { type = "text" }', choices), "utf-8")
    assert typed(web, city="Linz") == {"trouble": "city: `Linz` is not one of: Vienna, Graz."}
    assert typed(web, member="perhaps") == {"trouble": "member: `perhaps` is neither yes nor no."}
    key = typed(web, city="VIENNA", member="Y")["reader"]
    assert "You are on the board." in web.get(f"{NOW}?reader={key}").json()["text"]


def test_the_choices_of_an_attribute_are_offered(workspace: Workspace, desk: Desk) -> None:
    path = workspace.folder / "newsletter.toml"
    choices = 'city = { type = "choice", choices = ["Vienna", "Graz"] }\nmember = { type = "yes-no" }\nborn = { type = "date" }'
    path.write_text(path.read_text("utf-8").replace('city = { type = "text" }', choices), "utf-8")
    with client_of(desk) as web:
        page = page_of(web.get(f"/issues/walking/?reader={typed(web, city='graz')['reader']}").text)
    offered = {one.get("name"): [option.text for option in one] for one in page.cssselect("#fields select")}
    assert offered == {"city": ["not known", "Vienna", "Graz"], "member": ["not known", "yes", "no"]}
    assert [one.text for one in page.cssselect("#fields option[selected]")] == ["Graz"]
    assert page.cssselect("#fields input[name=born]")[0].get("type") == "date"


def test_without_a_database_nobody_is_found_and_none_is_made(web: Any, workspace: Workspace) -> None:
    found = web.post("/issues/walking/readers", data={"words": "ada"}, headers={"Origin": ORIGIN}).json()["found"]
    assert "has no database yet" in found
    assert "Nobody" in web.get(f"{NOW}?reader=somebody").json()["parts"]["reader"]
    assert not workspace.database.exists()
    assert not (workspace.folder / ".env").exists()


def test_a_subscriber_is_found_by_a_piece_of_the_address_and_gets_their_own_variant(
    web: Any, workspace: Workspace, caplog: pytest.LogCaptureFixture
) -> None:
    workspace.import_readers("email,first_name,city\nada@example.org,Ada,Vienna\nbob@example.org,Bob,Graz\n")

    def search(words: str) -> Any:
        answer = web.post("/issues/walking/readers", data={"words": words}, headers={"Origin": ORIGIN})
        return page_of(f"<div>{answer.json()['found']}</div>").cssselect("[data-reader]")

    with caplog.at_level(logging.DEBUG):
        [ada] = search("ADA@exam")
        assert len(search("example.org")) == 2
        assert search("nobody%") == []
        assert search("_") == []
        assert search("") == []
    assert "example.org" not in caplog.text
    key = ada.get("data-reader")
    assert re.fullmatch("[0-9a-f]{32}", key)  # a number that says nothing of Ada
    assert "@" not in ada.text_content()
    now = web.get(f"{NOW}?reader={key}").json()
    assert "Dear Ada," in now["text"]
    assert "You are on the board." in now["text"]
    assert key in now["parts"]["reader"]
    assert "You are on the board." not in web.get(f"{NOW}?reader={key}&variant=").json()["text"]
