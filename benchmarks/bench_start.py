"""How long commands take from a cold start: `newsletter --help` against importing click, and `newsletter check`.

    python benchmarks/bench_start.py [--rounds 30]

Help and import are run in turn and compared pair by pair; the ratio's goal is 1.3. The issue that is checked has 2,000
words and ten references; its goal is two seconds. The spam filter of this machine, if there is one, is not asked.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

GOAL = 1.3
GOAL_SECONDS = 2.0
WORDS = 2_000
REFERENCES = 10
_NEWSLETTER = str(Path(sys.executable).with_name("newsletter"))
_HELP = (_NEWSLETTER, "--help")
_CLICK = (sys.executable, "-c", "import click")
_SETTINGS = """
[newsletter]
name = "Larkmeadow Letters"
base_url = "https://news.example.org"
[sender]
name = "Larkmeadow Joint Clinic"
address = "letters@example.org"
postal_address = "12 Example Street, Springfield, CA 90001"
phone = "213-555-0142"
[checks]
spam_filter = false
"""
_FRONT = """\
---
title: Walking after a knee operation
preheader: What to expect in the first weeks, and when to call us about it
date: 2026-12-01
references:
"""
_REFERENCE = (
    "  - {{id: study{n}, type: article-journal, title: Walking and knees {n}, container-title: Letters of Joints,"
    " volume: {n}, page: 10-19, author: [{{family: Ash, given: Ann}}, {{family: Elm, given: Eve}}], issued: 20{n:02}}}\n"
)
_SENTENCE = "Short walks on even ground are good for the knee in the first weeks after the operation."


def issue() -> str:
    """Sections of some sentences each, every section with a citation."""
    sentences = [_SENTENCE] * (WORDS // len(_SENTENCE.split()))
    step = len(sentences) // REFERENCES
    sections = [
        f"## Week {n}\n\n{' '.join(sentences[:step])}\n\nThat is known from a study [@study{n}].\n"
        for n in range(1, REFERENCES + 1)
    ]
    listed = "".join(_REFERENCE.format(n=n) for n in range(1, REFERENCES + 1))
    return f"{_FRONT}{listed}---\n\n" + "\n".join(sections)


def seconds(command: Sequence[str]) -> float:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("NEWSLETTER_")}
    start = time.perf_counter()
    subprocess.run(command, env=clean, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def paired(one: Sequence[str], other: Sequence[str], rounds: int) -> Iterator[tuple[float, float]]:
    """In turn, each of the two first every other time."""
    for n in range(rounds):
        if n % 2:
            late = seconds(other)
            yield seconds(one), late
        else:
            yield seconds(one), seconds(other)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rounds", type=int, default=30)
    rounds = options.parse_args().rounds
    pairs = list(paired(_HELP, _CLICK, rounds))
    ratio = statistics.median(ours / bare for ours, bare in pairs)
    ours, bare = (statistics.median(column) * 1000 for column in zip(*pairs, strict=True))
    print(
        f"--help {ours:.0f} ms, import click {bare:.0f} ms: ratio {ratio:.2f} (goal {GOAL}), {rounds} paired rounds, medians"
    )
    with TemporaryDirectory() as folder:
        Path(folder, "newsletter.toml").write_text(_SETTINGS, encoding="utf-8")
        path = Path(folder, "issues", "walking", "issue.md")
        path.parent.mkdir(parents=True)
        path.write_text(issue(), encoding="utf-8")
        check = statistics.median(
            seconds((_NEWSLETTER, "-C", folder, "check", "walking")) for _ in range(rounds // 3 or 1)
        )
    print(f"check of {WORDS} words and {REFERENCES} references: {check:.2f} s (goal {GOAL_SECONDS} s)")


if __name__ == "__main__":
    main()
