"""`newsletter preview` in a real browser: it follows each save, by keyboard, without losing place, choice or focus."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.judges.tools import AXE
from tests.support.chromium import NEEDS_CHROMIUM, opened
from tests.support.preview import ISSUE, a_desk, a_workspace, served

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, FrameLocator, Page

    from tests.support.workspace import Workspace

pytestmark = NEEDS_CHROMIUM
LONG = ISSUE.replace("Walk a little", "Walk a little. " * 300 + "Walk a little")
READERS = "email,first_name,city\nada@example.org,Ada,Vienna\n"
_AXE = """async () => {
    const found = await axe.run(document, {preload: false, iframes: false, rules: {"target-size": {enabled: true}}})
    return found.violations.map(rule => rule.id + ": " + rule.nodes.map(node => node.html.slice(0, 150)).join(" | "))
}"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Workspace, str]]:
    """One workspace for all tests; each begins by writing its own issue."""
    workspace = a_workspace(tmp_path_factory.mktemp("letters"))
    workspace.import_readers(READERS)
    with served(a_desk(workspace.folder)) as address:
        yield workspace, address


@contextmanager
def looking(
    browser: Browser, site: tuple[Workspace, str], path: str = "/issues/walking/", text: str = ISSUE, **look: Any
) -> Iterator[Page]:
    workspace, address = site
    workspace.write_issue(text)
    complaints: list[str] = []
    with opened(browser, own=address, **look) as page:
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda failure: complaints.append(str(failure)))
        page.goto(f"{address}{path}")
        yield page
        # the sandbox of a mail keeps tools of the tests out, which ask every frame, as it would keep scripts of the mail from running
        assert [one for one in complaints if not one.startswith("Blocked script execution")] == []


def phone(page: Page) -> FrameLocator:
    return page.frame_locator(".phone iframe")


def test_a_save_shows_in_every_frame_and_keeps_scroll_choice_and_focus(
    chromium: Browser, site: tuple[Workspace, str]
) -> None:
    with looking(chromium, site, text=LONG, width=1440) as page:
        page.get_by_role("radio", name="Gmail-like dark").check(force=True)
        expect(phone(page).locator("body")).to_contain_text("short walks")
        scroll = "frame => { frame.contentWindow.scrollTo(0, 700); return frame.contentWindow.scrollY }"
        assert page.locator(".phone iframe").evaluate(scroll) == 700
        page.get_by_role("checkbox", name="Images off").focus()
        site[0].write_issue(LONG.replace("short walks", "long walks"))
        for device in ("phone", "desktop", "own"):
            expect(page.frame_locator(f".{device} iframe").locator("body")).to_contain_text("long walks")
        assert page.locator(".phone iframe").evaluate("frame => frame.contentWindow.scrollY") == 700
        assert page.evaluate("document.activeElement.value") == "images-off"
        assert page.get_by_role("radio", name="Gmail-like dark").is_checked()
        assert "views=gmail-dark" in page.url
        page.reload()
        assert page.get_by_role("radio", name="Gmail-like dark").is_checked()


def test_views_change_what_the_frames_show(chromium: Browser, site: tuple[Workspace, str]) -> None:
    colour = "frame => frame.contentWindow.getComputedStyle(frame.contentDocument.querySelector('h1')).color"
    with looking(chromium, site, width=1440) as page:
        frame = page.locator(".phone iframe")
        expect(phone(page).locator("h1")).to_be_visible()
        light = frame.evaluate(colour)
        page.get_by_role("radio", name="Dark", exact=True).check(force=True)
        expect(page.locator("[data-view=dark]")).to_be_visible()
        page.wait_for_function(f"light => ({colour})(document.querySelector('.phone iframe')) !== light", arg=light)
        page.get_by_role("radio", name="Light").check(force=True)
        page.wait_for_function(f"light => ({colour})(document.querySelector('.phone iframe')) === light", arg=light)
        page.get_by_role("checkbox", name="No design").check(force=True)
        page.wait_for_function("() => !document.querySelector('.own iframe').contentDocument.querySelector('[style]')")
        assert page.locator(".phone iframe").evaluate("frame => frame.contentWindow.innerWidth") == 375
        assert page.locator(".desktop iframe").evaluate("frame => frame.contentWindow.innerWidth") == 700
        page.get_by_label("Own width in pixels", exact=True).fill("320")
        page.keyboard.press("Enter")
        assert page.locator(".own iframe").evaluate("frame => frame.contentWindow.innerWidth") == 320
        page.get_by_role("checkbox", name="Desktop").uncheck(force=True)
        expect(page.locator(".desktop")).to_be_hidden()


def test_a_problem_is_pointed_out_in_every_frame_by_keyboard(chromium: Browser, site: tuple[Workspace, str]) -> None:
    outlined = (
        "frame => [...frame.contentDocument.querySelectorAll('[data-lit]')].map(block => block.textContent.trim())"
    )
    with looking(chromium, site, text=LONG, width=1440) as page:
        assert page.title().startswith("(1 warning) Walking")
        button = page.locator("#problem-0")
        button.focus()
        page.keyboard.press("Enter")
        expect(button).to_have_attribute("aria-pressed", "true")
        for frame in page.locator("iframe").all():
            assert frame.evaluate(outlined) == ["TODO the number."]
        seen = """() => {
            const frame = document.querySelector(".phone iframe")
            const box = frame.contentDocument.querySelector("[data-lit]").getBoundingClientRect()
            return box.top > 0 && box.bottom < frame.contentWindow.innerHeight
        }"""
        page.wait_for_function(seen)
        expect(page.locator("#told")).to_have_text("Outlined in the mail.")
        expect(page.locator(".card .near").first).to_be_visible()
        site[0].write_issue(LONG.replace("short walks", "long walks"))
        expect(phone(page).locator("body")).to_contain_text("long walks")
        assert page.locator(".phone iframe").evaluate(outlined) == ["TODO the number."]
        assert page.evaluate("document.activeElement.id") == "problem-0"
        page.keyboard.press("Enter")
        assert page.locator(".phone iframe").evaluate(outlined) == []


def test_a_broken_file_keeps_the_last_good_state_and_recovers(chromium: Browser, site: tuple[Workspace, str]) -> None:
    with looking(chromium, site, width=1440) as page:
        site[0].write_issue("---\ntitle: [oops\n---\n")
        expect(page.get_by_role("status").first).to_contain_text("cannot be read as it is. Mend the first problem")
        expect(phone(page).locator("body")).to_contain_text("short walks")
        assert page.locator(".phone iframe").evaluate("frame => getComputedStyle(frame).opacity") != "1"
        site[0].write_issue(ISSUE.replace("short walks", "long walks"))
        expect(phone(page).locator("body")).to_contain_text("long walks")
        expect(page.get_by_role("status").first).to_contain_text("Up to date")


def test_an_issue_that_could_never_be_shown_appears_once_it_can(chromium: Browser, site: tuple[Workspace, str]) -> None:
    path = site[0].write_issue("", slug="empty")
    try:
        with looking(chromium, site, "/issues/empty/", width=1440) as page:
            expect(page.get_by_role("status").first).to_contain_text("cannot be read as it is.")
            site[0].write_issue(ISSUE, slug="empty")
            expect(phone(page).locator("body")).to_contain_text("short walks")
            expect(page.get_by_role("status").first).to_contain_text("Up to date")
    finally:
        path.unlink()


def test_the_forms_of_the_mail_by_keyboard(chromium: Browser, site: tuple[Workspace, str]) -> None:
    with looking(chromium, site, width=1440) as page:
        page.get_by_role("tab", name="Mail").focus()
        page.keyboard.press("ArrowRight")
        expect(page.get_by_role("tabpanel")).to_contain_text("Apple Mail on an iPhone")
        page.keyboard.press("ArrowRight")
        expect(page.get_by_role("tabpanel")).to_contain_text("What to do\n----------")
        page.keyboard.press("End")
        expect(page.get_by_role("tabpanel")).to_contain_text("<!DOCTYPE html>")
        page.keyboard.press("ArrowRight")
        expect(page.get_by_role("tab", name="Mail")).to_be_focused()


def test_a_readers_own_version_and_a_variant(chromium: Browser, site: tuple[Workspace, str]) -> None:
    with looking(chromium, site, width=1440) as page:
        page.get_by_role("button", name="Reader: Nobody").press("Enter")
        page.get_by_label("A reader from the database").fill("ada@")
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Ada").press("Enter")
        expect(page.get_by_role("dialog")).to_be_hidden()
        expect(phone(page).locator("body")).to_contain_text("Dear Ada,")
        expect(phone(page).locator("body")).to_contain_text("You are on the board.")
        assert re.search(r"/issues/walking/\?reader=[0-9a-f]{32}$", page.url)  # a number that says nothing of Ada
        page.get_by_label("Variant").select_option(label="For readers in none of the segments")
        expect(phone(page).locator("body")).not_to_contain_text("You are on the board.")
        page.get_by_role("button", name="Reader: Ada").click()
        page.get_by_label("first_name").fill("Zoë")
        page.get_by_role("button", name="Show with these").click()
        expect(phone(page).locator("body")).to_contain_text("Dear Zoë,")
        page.get_by_role("button", name="Reader: Typed-in").click()
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_be_hidden()


def test_the_list_follows(chromium: Browser, site: tuple[Workspace, str]) -> None:
    with looking(chromium, site, "/") as page:
        expect(page.locator(".issues li")).to_contain_text(["1 warning"])
        site[0].write_issue(ISSUE.replace("TODO the", "The"))
        expect(page.locator(".issues li")).to_contain_text(["Nothing to mend"])


def test_nothing_in_a_mail_runs(chromium: Browser, site: tuple[Workspace, str]) -> None:
    """Even where a workspace's own template has a script in it; in the first document and in what is swapped later."""
    workspace, address = site
    template = workspace.folder / "templates" / "email" / "article.html.j2"
    template.parent.mkdir(parents=True)

    def write(words: str) -> None:
        script = f"top.document.title = '{words}'"
        content = f'<p>{words}</p><script>{script}</script><img src="x" alt="" onerror="{script}">'
        template.write_text(
            f'{{% extends "email/base.html.j2" %}}{{% block content %}}{content}{{% endblock %}}', "utf-8"
        )

    try:
        write("first mischief")
        with opened(chromium, own=address, width=1440) as page:
            page.goto(f"{address}/issues/walking/")
            for words in ("first mischief", "second mischief"):
                write(words)
                expect(phone(page).locator("body")).to_contain_text(words)
                assert page.locator(".phone iframe").evaluate("frame => frame.contentDocument.scripts.length") > 0
                page.wait_for_timeout(100)
                assert "mischief" not in page.title()
    finally:
        template.unlink()


@pytest.mark.thorough
@pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed: run `make test-deps`")
@pytest.mark.parametrize(("width", "dark"), [(375, True), (1440, False)])
def test_axe_finds_no_fault_and_the_page_fits(
    chromium: Browser, site: tuple[Workspace, str], width: int, dark: bool
) -> None:
    with looking(chromium, site, "/issues/walking/?views=images-off", width=width, dark=dark) as page:
        page.evaluate(AXE.read_text("utf-8"))
        assert page.evaluate("document.documentElement.scrollWidth") == width
        assert page.evaluate(_AXE) == []
        page.locator("#problem-0").click()
        page.get_by_role("tab", name="Inbox").click()
        assert page.evaluate(_AXE) == []
        site[0].write_issue("---\ntitle: [oops\n---\n")
        expect(page.locator(".banner")).to_be_visible()
        page.locator("#choose-reader").click()
        assert page.evaluate(_AXE) == []
        page.goto(page.url.partition("/issues")[0])
        expect(page.locator(".issues li")).to_contain_text(["Cannot be shown"])
        page.evaluate(AXE.read_text("utf-8"))
        assert page.evaluate(_AXE) == []
        assert page.evaluate("document.documentElement.scrollWidth") == width
