"""How long an issue with 200 references takes to check and to render, against the same text with one, from a cold start.

    python benchmarks/bench_references.py [--rounds 9]

Both are run in turn and compared pair by pair. The goal for 200 is three seconds each. The spam filter of this machine, if
there is one, is not asked.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from bench_start import _NEWSLETTER, _SETTINGS, paired

if TYPE_CHECKING:
    from collections.abc import Iterator

GOAL_SECONDS = 3.0
REFERENCES = 200
_FRONT = "---\ntitle: Papers about knees\npreheader: A long list of papers about knees and what they say\nreferences: refs.json\n---\n\n"
_JOURNALS = (
    ("The American Journal of Sports Medicine", "Am J Sports Med"),
    ("The Bone & Joint Journal", "Bone Joint J"),
    ("Osteoarthritis and Cartilage", "Osteoarthritis Cartilage"),
)
_NAMES = ("Ash", "Elm", "Oak", "Yew", "Fir", "Bay", "Box", "Haw")


def records(count: int) -> Iterator[dict[str, Any]]:
    chance = random.Random(1)
    for number in range(count):
        journal, short = chance.choice(_JOURNALS)
        yield {
            "id": f"r{number}",
            "type": "article-journal",
            "title": f"Exercise and recovery after knee surgery in group {number}: a randomized trial",
            "author": [{"family": chance.choice(_NAMES), "given": "A B"} for _ in range(chance.randint(1, 8))],
            "container-title": journal,
            "container-title-short": short,
            "issued": {"date-parts": [[2005 + number % 20, 1 + number % 12]]},
            "volume": str(number + 1),
            "issue": "2",
            "page": f"{100 + number}-{109 + number}",
            "DOI": f"10.5555/r{number}",
            "abstract": "Exercise helped most patients in the first weeks after the operation. " * 20,
        }


def write(folder: Path, references: int) -> None:
    """An issue of 200 paragraphs, each of which cites one of so many references."""
    folder.mkdir(parents=True)
    listed = list(records(references))
    (folder / "refs.json").write_text(json.dumps(listed), "utf-8")
    paragraphs = (
        f"A study of {listed[n % references]['issued']['date-parts'][0][0]} looked at how people walk after surgery, and at what"
        f" their surgeons told them about it [@r{n % references}]. It was small."
        for n in range(REFERENCES)
    )
    (folder / "issue.md").write_text(_FRONT + "\n\n".join(paragraphs) + "\n", "utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=9)
    rounds = parser.parse_args().rounds
    with TemporaryDirectory() as made:
        folder = Path(made)
        (folder / "newsletter.toml").write_text(_SETTINGS, "utf-8")
        write(folder / "issues" / "many", REFERENCES)
        write(folder / "issues" / "one", 1)
        for command in (("check",), ("render", "--out", str(folder / "out"))):
            many, one = ((_NEWSLETTER, "-C", made, command[0], name, *command[1:]) for name in ("many", "one"))
            pairs = list(paired(many, one, rounds))
            took = statistics.median(late for late, _ in pairs)
            ratio = statistics.median(late / early for late, early in pairs)
            goal = "met" if took <= GOAL_SECONDS else "missed"
            print(
                f"{command[0]:7} {REFERENCES} references {took:.2f} s (goal {GOAL_SECONDS} s {goal}), {ratio:.2f} times one"
            )


if __name__ == "__main__":
    sys.exit(main())
