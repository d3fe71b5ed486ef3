"""From saving an issue of 2,000 words and ten references until `newsletter preview` shows it, in a real browser. Goal 0.5 s.

    python benchmarks/bench_preview.py [--saves 20]

Beside it, in turn, what the rendering alone takes in a warm process. Needs Playwright and Chromium, as the tests do.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import Error, sync_playwright

from newsletter.pipeline import prepare
from newsletter.settings import load

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

GOAL = 0.5
HEAD = "---\ntitle: A long letter\npreheader: How far, how often, and when to stop and call us\nreferences: refs.json\n---\n\n"
SENTENCE = "Researchers looked at walking after an operation of the knee and found that patients differ a lot"


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--saves", type=int, default=20)
    saves = arguments.parse_args().saves
    with tempfile.TemporaryDirectory() as folder:
        issue = write_workspace(Path(folder))
        with serving(Path(folder)) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=os.environ.get("NEWSLETTER_CHROMIUM", "/usr/bin/chromium"), args=["--no-sandbox"]
            )
            page = browser.new_page(viewport={"width": 1440, "height": 1000})
            page.goto(address)
            save(issue, page, 0)
            pairs = [(save(issue, page, number), rendering(Path(folder), issue)) for number in range(1, saves + 1)]
            browser.close()
    shown, rendered = zip(*pairs, strict=True)
    print(
        f"shown after   {statistics.median(shown):.3f} s (median of {saves}), {max(shown):.3f} s at worst; goal {GOAL} s"
    )
    print(
        f"rendering     {statistics.median(rendered):.3f} s of it; ratio {statistics.median(s / r for s, r in pairs):.2f}"
    )


def write_workspace(folder: Path) -> Path:
    (folder / "newsletter.toml").write_text(
        '[newsletter]\nname = "Letters"\nbase_url = "https://news.example.org"\n[sender]\nname = "Clinic"\n'
        'address = "letters@example.org"\npostal_address = "12 Example Street"\nphone = "213-555-0142"\n'
        "[checks]\nspam_filter = false\n",
        "utf-8",
    )
    issue = folder / "issues" / "long" / "issue.md"
    issue.parent.mkdir(parents=True)
    issue.write_text(letter("Save0"), "utf-8")
    references = [
        {
            "id": f"r{number}",
            "type": "article-journal",
            "title": f"Walking study number {number}",
            "author": [{"family": "Example", "given": "Ada"}],
            "container-title": "Journal of Examples",
            "issued": {"date-parts": [[2010 + number]]},
        }
        for number in range(10)
    ]
    (issue.parent / "refs.json").write_text(json.dumps(references), "utf-8")
    return issue


def letter(mark: str) -> str:
    sections = (
        f"## Part {number}\n\n{SENTENCE} in group {number} [@r{number % 10}]. "
        + " ".join(f"{SENTENCE}, week {week}." for week in range(5))
        for number in range(20)
    )
    return f"{HEAD}{mark} begins.\n\n" + "\n\n".join(sections)


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """The address of the preview's page."""
    command = [sys.executable, "-m", "newsletter.cli", "-C", str(folder), "preview", "long", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        address = re.search(r"http://\S+", server.stdout.readline() if server.stdout else "")
        assert address, "the preview says where it is"
        yield address[0]
        server.send_signal(signal.SIGINT)


def save(issue: Path, page: Page, number: int) -> float:
    """Seconds from saving until a frame shows it."""
    time.sleep(0.5)  # as a writer pauses
    mark = f"Save{number}"
    start = time.perf_counter()
    issue.write_text(letter(mark), "utf-8")
    while not any(shows(page, frame, f"{mark} ") for frame in range(1, len(page.frames))):
        time.sleep(0.005)
    return time.perf_counter() - start


def shows(page: Page, frame: int, mark: str) -> bool:
    try:
        return mark in str(page.frames[frame].evaluate("document.body.innerText.slice(0, 3000)"))
    except (Error, IndexError):  # it is being exchanged
        return False


def rendering(folder: Path, issue: Path) -> float:
    workspace = load(folder, {})
    start = time.perf_counter()
    prepare(workspace, issue, datetime.now(UTC))
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
