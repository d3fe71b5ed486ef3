"""Every page that a reader can meet, in a real browser: wide and narrow, light and dark, by keyboard, without JavaScript."""

from __future__ import annotations

import io
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal

import pytest
from PIL import Image
from sqlalchemy import select

from newsletter.keys import NOTICES, DeliveryToken
from newsletter.model.notice_mail import NoticeKind
from newsletter.render.theme import palette
from newsletter.store import tables as t
from newsletter.web.pages import Pages
from tests.browser.readers_site import LATER, readers_site
from tests.judges.tools import AXE
from tests.support.chromium import NEEDS_CHROMIUM, opened
from tests.web.sample_mailing import NOW

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from tests.browser.readers_site import ReadersSite

    Act = Callable[[Page], None]

pytestmark = NEEDS_CHROMIUM

#: (width, colours, whether axe looks for everything: what has to do with neither width nor colours it need not twice)
LOOKS: list[tuple[int, Literal["light", "dark"], bool]] = [
    (375, "light", True),
    (375, "dark", False),
    (1200, "light", False),
    (1200, "dark", True),
]
#: all that WCAG 2.2 AA asks for and axe can see, and what axe thinks good besides; of a sent mail only what we add to it
_AXE = """async ([mail, everything]) => {
    const wcag = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", ...(mail ? [] : ["best-practice"])]
    const options = {
        preload: false,
        resultTypes: ["violations"],
        runOnly: everything ? wcag : {type: "rule", values: ["color-contrast", "target-size"]},
        ...(everything ? {rules: {"target-size": {enabled: true}}} : {}),
    }
    const found = await axe.run(mail ? {include: [[".archive-ours"]]} : document, options)
    return found.violations.map(rule => rule.id + ": " + rule.nodes.map(node => node.html.slice(0, 150)).join(" | "))
}"""
#: what has the focus, in words, and whether one sees it
_FOCUS = """() => {
    const it = document.activeElement
    const seen = [it, it.closest(".choice")].some(one => one && getComputedStyle(one).outlineStyle === "solid")
    const words = it.getAttribute("aria-labelledby") ? document.getElementById(it.getAttribute("aria-labelledby")) : it
    const label = it.id && document.querySelector(`label[for="${it.id}"]`)
    return [seen, (label || words).textContent.replace(/[\\u2068\\u2069]/g, "").replace(/\\s+/g, " ").trim()]
}"""
_TABBED = "document.querySelectorAll('a[href], button, input:not([type=hidden], [type=radio], [tabindex]), select, textarea').length"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Iterator[ReadersSite]:
    """One for all tests, so each of them acts for a reader of its own."""
    folder = tmp_path_factory.mktemp("readers")
    shutil.copy(migrated_sqlite, folder)
    with readers_site(folder) as made:
        yield made


@contextmanager
def visiting(browser: Browser, site: ReadersSite, **look: Any) -> Iterator[Page]:
    """A page that complains of nothing and asks no other server."""
    complaints: list[str] = []
    with opened(browser, own=site.address, **look) as page:
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda failure: complaints.append(str(failure)))
        page.on("request", lambda request: complaints.extend([request.url][: not request.url.startswith(site.address)]))
        yield page
        assert [one for one in complaints if not one.startswith("Failed to load resource: the server responded")] == []


def every_page(site: ReadersSite) -> dict[str, tuple[str, Act]]:
    """Name -> what to open and what to do there. Those that come later do not change what earlier ones show."""

    def press(page: Page) -> None:
        page.locator("main form button").first.click()

    def fill_in(address: str) -> Act:
        def act(page: Page) -> None:
            page.locator("#f-email").fill(address)
            press(page)

        return act

    def choose_nothing(page: Page) -> None:
        for box in page.locator("main input[type=checkbox]").all():
            box.uncheck()
        press(page)

    def look(_page: Page) -> None:
        pass

    def leave_and_say_why(page: Page) -> None:
        press(page)
        page.locator("main [type=radio]").first.check()
        page.locator("main form").last.locator("button").click()

    def leave_and_undo(page: Page) -> None:
        press(page)
        press(page)

    asked = site.asked
    return {
        "home": ("/", look),
        "subscribe": ("/subscribe", look),
        "subscribe, wrongly": ("/subscribe", fill_in("ada@")),
        "after sign-up": ("/subscribe?list=runners", fill_in("new@example.org")),
        "confirm": (site.confirmation("friends", "runners"), look),
        "confirmed": (site.confirmation("friends"), press),
        "too old": (site.confirmation("friends", at=NOW - LATER), look),
        "links": ("/links", look),
        "links, wrongly": ("/links", press),
        "after links": ("/links", fill_in("new@example.org")),
        "archive": ("/archive", look),
        "issue": ("/archive/running", look),
        "view": (site.link("v"), look),
        "data": (asked(NoticeKind.DATA, "d", 1), look),
        "erase": (asked(NoticeKind.ERASURE, "e", 1), look),
        "unsubscribe": (site.link("u", 1), look),
        "unsubscribe, wrongly": (site.link("u", 1), choose_nothing),
        "unsubscribe in Hebrew": (site.link("u", 3), look),
        "preferences": (site.link("p", 1), look),
        "after preferences": (site.link("p", 2), press),
        "left": (site.link("u", 2), press),
        "left, with a reason": (site.link("u", 2), leave_and_say_why),
        "left, and undone": (site.link("u", 2), leave_and_undo),
        "erased": (asked(NoticeKind.ERASURE, "e", 4), press),
        "unknown link": ("/u/x", look),
        "error": ("/broken", look),
    }


def _break(page: Page, site: ReadersSite) -> None:
    """One address where our own code fails."""
    failed = Pages(site.settings, ()).failed(500)
    answer = {"status": 500, "body": bytes(failed.body), "headers": dict(failed.headers)}
    page.route(f"{site.address}/broken", lambda route: route.fulfill(**answer))


@pytest.mark.thorough
@pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed: run `make test-deps`")
def test_axe_finds_no_fault_and_every_page_fits(chromium: Browser, site: ReadersSite) -> None:
    found: list[str] = []
    with visiting(chromium, site) as page:
        _break(page, site)
        for name, (path, act) in every_page(site).items():
            page.goto(site.address + path)
            act(page)
            mail = name in {"issue", "view"}
            page.evaluate(AXE.read_text("utf-8"))
            for width, scheme, everything in LOOKS:
                page.set_viewport_size({"width": width, "height": 760})
                page.emulate_media(color_scheme=scheme)
                found += [f"{name}, {width}, {scheme}: {fault}" for fault in page.evaluate(_AXE, [mail, everything])]
                if everything and not mail:
                    found += [f"{name}, {width}: {fault}" for fault in _misfits(page, width)]
    assert found == []


def _misfits(page: Page, width: int) -> list[str]:
    """What would have to be scrolled sideways, also with text of twice the size, and what is too small to be hit."""
    faults = []
    for size in ("", "200%"):
        page.evaluate("size => { document.documentElement.style.fontSize = size }", size)
        if page.evaluate("document.documentElement.scrollWidth") > width:
            faults.append(f"wider than the window with text of {size or 'usual'} size")
    page.evaluate("document.documentElement.style.fontSize = ''")
    small = "[...document.querySelectorAll('button, select, .choice, .field > input')].filter(e => e.offsetParent && e.offsetHeight < 44)"
    low: list[str] = page.evaluate(f"{small}.map(e => 'low: ' + e.outerHTML)")
    return faults + low


def tab_to(page: Page, words: str) -> None:
    """Press Tab until this has the focus, which is seen at each stop."""
    for _ in range(40):
        page.keyboard.press("Tab")
        seen, has = page.evaluate(_FOCUS)
        assert seen, f"one does not see that `{has}` has the focus"
        if has.startswith(words):
            return
    pytest.fail(f"Tab does not reach `{words}`")


def press(page: Page, key: str = "Enter") -> None:
    with page.expect_navigation():
        page.keyboard.press(key)


def test_the_keyboard_alone_joins_without_javascript(chromium: Browser, site: ReadersSite) -> None:
    with visiting(chromium, site, scripts=False) as page:
        page.goto(f"{site.address}/subscribe")
        tab_to(page, "Email address")
        page.keyboard.type("ada@")
        press(page)
        assert page.title().startswith("Error: ")
        assert page.evaluate(_FOCUS)[1].startswith("Something is missing"), "the errors are not what is said first"
        tab_to(page, "Please choose at least one newsletter.")
        tab_to(page, "This is not a complete email address.")
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "f-email"
        page.keyboard.press("ControlOrMeta+A")
        page.keyboard.type("keys@example.org")
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Space")
        tab_to(page, "First name")
        page.keyboard.type("Kay")
        tab_to(page, "Subscribe")
        press(page, "Space")
        assert page.inner_text("h1") == "Thank you"
        page.goto(site.address + _confirmation_of(site, "keys@example.org"))
        tab_to(page, "Yes, subscribe me")
        press(page)
        assert page.inner_text("h1") == "You are subscribed"
    assert _statuses(site, "keys@example.org") == {"runners": "subscribed"}


def test_the_keyboard_alone_leaves_one_list_and_takes_it_back_without_javascript(
    chromium: Browser, site: ReadersSite
) -> None:
    before = site.made.statuses(3)
    with visiting(chromium, site, scripts=False) as page:
        page.goto(site.address + site.link("u", 3))
        tab_to(page, "Friends of the clinic")
        page.keyboard.press("Space")
        tab_to(page, "Darse de baja")
        press(page)
        assert site.made.statuses(3) == before | {"runners": "unsubscribed"}
        tab_to(page, "Deshacer")
        press(page)
    assert site.made.statuses(3) == before


def test_tab_reaches_everything_in_order_and_the_focus_is_seen(chromium: Browser, site: ReadersSite) -> None:
    with visiting(chromium, site, scripts=False, dark=True) as page:
        for path in ("/subscribe", "/archive", site.link("p", 1)):
            page.goto(site.address + path)
            groups = page.evaluate("new Set([...document.querySelectorAll('[type=radio]')].map(e => e.name)).size")
            places = []
            for _ in range(page.evaluate(_TABBED) + groups):
                page.keyboard.press("Tab")
                assert page.evaluate(_FOCUS)[0]
                places.append(page.evaluate("document.activeElement.getBoundingClientRect().top + scrollY"))
            assert page.evaluate("document.activeElement.closest('footer')"), path
            assert [place for place, last in zip(places[1:], places, strict=False) if place < last - 40] == []


@pytest.mark.parametrize("dark", [False, True])
def test_a_page_has_the_colours_of_the_theme(chromium: Browser, site: ReadersSite, dark: bool) -> None:
    colours = palette(site.settings.theme.dark if dark else site.settings.theme)
    with visiting(chromium, site, scripts=False, dark=dark, width=375, phone=True) as page:
        page.goto(site.address + site.link("u"))
        assert f"#{picture(page).crop((2, 2, 3, 3)).tobytes().hex()}" == colours.canvas
        assert page.evaluate("document.documentElement.scrollWidth") == 375
        page.emulate_media(forced_colors="active")
        assert page.evaluate("getComputedStyle(document.querySelector('button')).borderStyle") == "solid"


def test_a_page_in_hebrew_is_mirrored(chromium: Browser, site: ReadersSite) -> None:
    with visiting(chromium, site, scripts=False, width=1200) as page:
        page.goto(f"{site.address}/subscribe?lang=he")
        box, title = (page.locator(f".choice {part}").first.bounding_box() for part in ("input", ".what"))
        assert box
        assert title
        assert box["x"] > title["x"]


def test_the_mail_is_shown_with_its_images_and_styles(chromium: Browser, site: ReadersSite) -> None:
    with visiting(chromium, site) as page:
        page.goto(site.address + site.link("v", 3))
        assert "<script>alert(1)</script>" in page.inner_text("body")
        assert page.evaluate("getComputedStyle(document.querySelector('body > p')).marginTop") == "0px"
        assert (255, 0, 0) in {colour for _, colour in picture(page).getcolors(1_000_000) or ()}


def test_a_script_on_a_page_would_be_refused(chromium: Browser, site: ReadersSite) -> None:
    complaints: list[str] = []
    with opened(chromium, own=site.address) as page:
        page.on("console", lambda message: complaints.append(message.text))
        page.goto(site.address + site.link("u"))
        for tag, text in (("style", "h1{color:red}"), ("script", "window.x = 1")):
            page.evaluate(
                "([tag, text]) => { document.body.append(Object.assign(document.createElement(tag), {textContent: text})) }",
                [tag, text],
            )
        assert page.evaluate("window.x") is None
        assert page.evaluate("getComputedStyle(document.querySelector('h1')).color") != "rgb(255, 0, 0)"
    assert len(complaints) >= 2


def picture(page: Page) -> Image.Image:
    return Image.open(io.BytesIO(page.screenshot())).convert("RGB")


def _confirmation_of(site: ReadersSite, address: str) -> str:
    with site.made.store.read() as connection:
        number = connection.scalar(select(t.notices.c.number).where(t.notices.c.address == address))
    return f"/c/{site.keys.token(DeliveryToken(mailing=NOTICES, n=number or 0))}"


def _statuses(site: ReadersSite, address: str) -> dict[str, str]:
    with site.made.store.read() as connection:
        person = connection.scalar(select(t.subscribers.c.number).where(t.subscribers.c.address == address))
    return site.made.statuses(person or 0)
