"""The readers' pages in a real browser: their style, their buttons, by keyboard and without JavaScript."""

from __future__ import annotations

import base64
import io
import itertools
import json
import os
import shutil
import subprocess
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from newsletter.render.theme import palette
from newsletter.web.serve import listen, server
from tests.web.sample_mailing import sample_mailing, settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.web.sample_mailing import SampleMailing

CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Debian package chromium is not installed"),
]
_SWITCHES = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--remote-debugging-pipe",
    "about:blank",
]


class Browser:
    """Chromium, told what to do through the DevTools protocol (https://chromedevtools.github.io/devtools-protocol/)."""

    def __init__(self, profile: Path) -> None:
        assert CHROMIUM
        read_by_it, self._out = os.pipe()
        answers, written_by_it = os.pipe()
        # the protocol wants the descriptors 3 and 4
        shell = f'exec "$@" 3<&{read_by_it} 4>&{written_by_it}'
        self._process = subprocess.Popen(
            ["/bin/bash", "-c", shell, "bash", CHROMIUM, f"--user-data-dir={profile}", *_SWITCHES],
            pass_fds=(read_by_it, written_by_it),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(read_by_it)
        os.close(written_by_it)
        self._in = os.fdopen(answers, "rb")
        self._buffer = b""
        self._ids = itertools.count(1)
        self._session: str | None = None
        self.events: list[dict[str, Any]] = []
        target = self.tell("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.tell("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Log", "Runtime"):
            self.tell(f"{domain}.enable")

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._out)
        self._in.close()

    def tell(self, method: str, **parameters: Any) -> Any:
        number = next(self._ids)
        message = {"id": number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._out, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == number:
                assert "error" not in answer, answer
                return answer["result"]
            self.events.append(answer)

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._buffer:
            piece = os.read(self._in.fileno(), 65536)
            assert piece, "Chromium has gone"
            self._buffer += piece
        message, self._buffer = self._buffer.split(b"\0", 1)
        found: dict[str, Any] = json.loads(message)
        return found

    def wait_for_load(self) -> None:
        while not any(event.get("method") == "Page.loadEventFired" for event in self.events):
            self.events.append(self._next())

    def open(self, url: str, width: int = 700, *, dark: bool = False) -> None:
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.tell("Emulation.setEmulatedMedia", features=[scheme])
        self.tell(
            "Emulation.setDeviceMetricsOverride", width=width, height=760, deviceScaleFactor=1, mobile=width < 500
        )
        self.tell("Emulation.setScriptExecutionDisabled", value=True)
        self.events.clear()
        self.tell("Page.navigate", url=url)
        self.wait_for_load()

    def press(self, key: str) -> None:
        code = {"Tab": 9, "Enter": 13}[key]
        text = {"text": "\r"} if key == "Enter" else {}
        for kind in ("keyDown", "keyUp"):
            self.tell(
                "Input.dispatchKeyEvent",
                type=kind,
                key=key,
                code=key,
                windowsVirtualKeyCode=code,
                **(text if kind == "keyDown" else {}),
            )

    def ask(self, expression: str) -> Any:
        """A value from the page; the protocol may evaluate although the page itself may not."""
        self.tell("Emulation.setScriptExecutionDisabled", value=False)
        value = self.tell("Runtime.evaluate", expression=expression, returnByValue=True)["result"].get("value")
        self.tell("Emulation.setScriptExecutionDisabled", value=True)
        return value

    def picture(self) -> Image.Image:
        shot = self.tell("Page.captureScreenshot", format="png")["data"]
        return Image.open(io.BytesIO(base64.b64decode(shot))).convert("RGB")

    @property
    def complaints(self) -> list[str]:
        """What the console says, such as violations of the content policy."""
        return [event["params"]["entry"]["text"] for event in self.events if event["method"] == "Log.entryAdded"]


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    opened = Browser(tmp_path_factory.mktemp("profile"))
    yield opened
    opened.close()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[SampleMailing]:
    with listen("127.0.0.1", 0) as listening:
        given = settings(base_url=f"http://127.0.0.1:{listening.getsockname()[1]}")
        made = sample_mailing(tmp_path, titles=("Friends of the clinic", "Runners" * 30), given=given)
        running = server(made.app)
        thread = threading.Thread(target=running.run, kwargs={"sockets": [listening]})
        thread.start()
        while not running.started:
            time.sleep(0.01)
        yield made
        running.should_exit = True
        thread.join()
        made.store.close()


def url(site: SampleMailing, purpose: str, n: int = 1) -> str:
    return f"{site.settings.newsletter.base_url}/{purpose}/{site.token(n)}"


@pytest.mark.parametrize("purpose", ["u", "p"])
@pytest.mark.parametrize("width", [375, 700])
@pytest.mark.parametrize("dark", [False, True])
def test_a_page_has_the_colours_of_the_theme_and_fits(
    site: SampleMailing, browser: Browser, purpose: str, width: int, dark: bool
) -> None:
    browser.open(url(site, purpose), width, dark=dark)
    colours = palette(site.settings.theme.dark if dark else site.settings.theme)
    picture = browser.picture()
    assert f"#{picture.crop((2, 2, 3, 3)).tobytes().hex()}" == colours.canvas
    assert browser.ask("document.documentElement.scrollWidth") == width
    assert browser.ask("Math.min(...[...document.querySelectorAll('button')].map(b => b.offsetHeight))") >= 44
    assert browser.complaints == []


def test_the_keyboard_alone_leaves(site: SampleMailing, browser: Browser) -> None:
    browser.open(url(site, "u"))
    browser.press("Tab")
    assert browser.ask("document.activeElement.textContent") == "Unsubscribe"
    assert browser.ask("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    browser.events.clear()
    browser.press("Enter")
    browser.wait_for_load()
    assert "You are unsubscribed" in browser.ask("document.body.innerText")
    assert site.statuses(1) == {"friends": "unsubscribed", "runners": "unsubscribed", "staff": "subscribed"}
    assert browser.complaints == []


def test_the_keyboard_alone_leaves_one_list(site: SampleMailing, browser: Browser) -> None:
    browser.open(url(site, "u", 2))
    for _ in range(2):
        browser.press("Tab")
    browser.events.clear()
    browser.press("Enter")
    browser.wait_for_load()
    assert browser.ask("document.querySelector('h1').innerText") == "Ihre Abonnements"
    browser.press("Tab")
    browser.events.clear()
    browser.press("Enter")
    browser.wait_for_load()
    assert "verlassen" in browser.ask("document.body.innerText")
    assert site.statuses(2) == {"friends": "unsubscribed", "runners": "subscribed", "staff": "subscribed"}


def test_the_mail_is_shown_with_its_images_and_styles(site: SampleMailing, browser: Browser) -> None:
    browser.open(url(site, "v", 3))
    assert browser.complaints == []
    assert "<script>alert(1)</script>" in browser.ask("document.body.innerText")
    assert browser.ask("getComputedStyle(document.querySelector('p')).marginTop") == "0px"
    assert (255, 0, 0) in {colour for _, colour in browser.picture().getcolors(1_000_000) or ()}


def test_a_script_on_a_page_would_be_refused(site: SampleMailing, browser: Browser) -> None:
    browser.open(url(site, "u"))
    browser.ask("document.head.append(Object.assign(document.createElement('style'), {textContent: 'h1{color:red}'}))")
    browser.tell("Emulation.setScriptExecutionDisabled", value=False)
    browser.ask("document.body.append(Object.assign(document.createElement('script'), {textContent: 'window.x = 1'}))")
    assert browser.ask("window.x") is None
    assert len(browser.complaints) >= 2
