"""The makers of mail HTML that are compared: each turns the same content into a mail, and tells how long it took.

A maker that is not installed says so and is left out; mrml comes from `pip install mrml`, MJML from `npm install mjml`.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from mail.as_mjml import as_mjml
from mail.content import SLUG, prepared

from newsletter.compose.slots import fill

if TYPE_CHECKING:
    from mail.content import Content

    from newsletter.settings import Workspace


_MJML = Path("node_modules/mjml/package.json")


class NotInstalled(Exception):
    """What to install, in its first argument."""


@dataclass(frozen=True, kw_only=True)
class Mail:
    """What a maker gives: the HTML as it would be sent, the text part if it makes one, the seconds that it took."""

    html: str
    seconds: float
    text: str = ""


class Maker(Protocol):
    name: str
    version: str

    def make(self) -> Mail: ...

    def minified(self) -> str | None:
        """The smaller form, where the tool itself offers one."""

    def command(self, folder: Path) -> list[str]:
        """The same work in a process of its own, with its files in a folder."""


@dataclass
class Ours:
    """From the Markdown file to a checked mail: reading, citations, checks, HTML and text."""

    place: Workspace
    links: dict[str, str]
    name: str = "newsletter"
    version: str = field(default_factory=lambda: version("newsletter-pipeline"))

    def make(self) -> Mail:
        start = time.perf_counter()
        rendered = prepared(self.place).rendered
        seconds = time.perf_counter() - start
        if rendered is None:
            raise SystemExit("the issue cannot be rendered: run newsletter check on it")
        return Mail(html=fill(rendered.html, self.links), text=fill(rendered.text, self.links), seconds=seconds)

    def minified(self) -> str | None:
        return None

    def command(self, folder: Path) -> list[str]:
        start = "from newsletter.cli.main import main; main()"
        return [sys.executable, "-c", start, "-C", str(self.place.folder), "render", SLUG, "--out", str(folder)]


@dataclass
class Mrml:
    """MJML in Rust, as a Python wheel. Without its list of web fonts: ours has none, and readers would fetch them."""

    source: str
    name: str = "mrml"
    version: str = ""

    def __post_init__(self) -> None:
        try:
            self.version = version("mrml")
        except PackageNotFoundError:
            raise NotInstalled("pip install mrml") from None

    def make(self) -> Mail:
        import mrml

        settings = mrml.RenderOptions(fonts={})
        start = time.perf_counter()
        made = mrml.to_html(self.source, None, settings)
        seconds = time.perf_counter() - start
        return Mail(html=made.content, seconds=seconds)

    def minified(self) -> str | None:
        return None

    def command(self, folder: Path) -> list[str]:
        start = "import sys, mrml; print(mrml.to_html(open(sys.argv[1]).read()).content)"
        return [sys.executable, "-c", start, str(_written(self.source, folder))]


class Mjml:
    """MJML itself, in a Node process that stays: what is measured is the compiler, warm."""

    name = "MJML"

    def __init__(self, source: str, folder: Path | None) -> None:
        node = shutil.which("node")
        if folder is None or node is None or not (folder / _MJML).is_file():
            raise NotInstalled("npm install mjml cssnano in a folder, and name it: --node FOLDER")
        self.version = json.loads((folder / _MJML).read_text())["version"]
        self._source, self._folder = source, folder
        script = str(Path(__file__).with_name("mjml.mjs"))
        self._process = subprocess.Popen(
            [node, script, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
        )

    def make(self) -> Mail:
        answer = self._ask(minify=False)
        return Mail(html=answer["html"], seconds=answer["seconds"])

    def minified(self) -> str | None:
        return str(self._ask(minify=True)["html"])

    def command(self, folder: Path) -> list[str]:
        program = self._folder / "node_modules" / ".bin" / "mjml"
        return [str(program), str(_written(self._source, folder)), "-o", str(folder / "made.html")]

    def _ask(self, *, minify: bool) -> dict[str, Any]:
        pipes = self._process.stdin, self._process.stdout
        if pipes[0] is None or pipes[1] is None:
            raise BrokenPipeError
        pipes[0].write(json.dumps({"source": self._source, "minify": minify}) + "\n")
        pipes[0].flush()
        answer: dict[str, Any] = json.loads(pipes[1].readline() or '{"errors": ["node stopped"]}')
        if answer["errors"]:
            raise SystemExit("MJML: " + "; ".join(answer["errors"]))
        return answer


def _written(source: str, folder: Path) -> Path:
    file = folder / "source.mjml"
    file.write_text(source, encoding="utf-8")
    return file


def makers(place: Workspace, issue: Content, node: Path | None) -> tuple[list[Maker], list[str]]:
    """Those that can be run, ours first, and a line about each of the others."""
    source = as_mjml(issue)
    found: list[Maker] = [Ours(place, dict(issue.all_links))]
    missing = []
    for name, start in (("mrml", lambda: Mrml(source)), ("MJML", lambda: Mjml(source, node))):
        try:
            found.append(start())
        except NotInstalled as why:
            missing.append(f"{name}: not installed ({why})")
    return found, missing
