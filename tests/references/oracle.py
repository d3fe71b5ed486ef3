"""Our lines beside those that pandoc prints from the same two style files and the same forty sources.

    python tests/references/oracle.py [PANDOC]

Needs pandoc 3 (https://pandoc.org); it is not installed by anything here, and no test needs it. What differs on purpose
stands in EXPECTED: there the manual asks for what CSL cannot say (newsletter/references/styles/manuals.py, notices.py).
"""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any

from newsletter.model.problem import Place
from newsletter.model.reference import Reference
from newsletter.references import format_entries

DATA = Path(__file__).parent / "data"
STYLES = ("american-medical-association", "nlm-citation-sequence")
EXPECTED = {
    "persons-and-group": "a group behind persons, after a semicolon",
    "particles": "`von` stays before its name, `de’ Rossi` apart",
    "suffixes": "NLM: 3rd for III",
    "supplement": "NLM: 40 Suppl 1",
    "issue-supplement": "AMA: (25)(suppl 2)",
    "ahead-of-print": "pandoc has no available-date",
    "epub-and-print": "pandoc has no available-date",
    "question-title": "page 1-1 is page 1",
    "quoted-title": "pages in full before they are shortened",
    "translated-title": "the language is named",
    "retracted": "the retraction is told",
    "book": "NLM: Springfield (IL); AMA: With, After, ... in capitals",
    "group-book": "AMA: With, After, ... in capitals",
    "edited-book": "`Third edition` is 3; NLM: Boston (MA)",
    "chapter": "NLM: Boston (MA)",
    "chapter-no-editor": "AMA: pages in full",
    "thesis": "NLM: Springfield (IL)",
}
_TAG = re.compile(r"<[^>]+>")
_ENTRY = re.compile(r'<div id="ref-([^"]+)" class="csl-entry"[^>]*>(.*?)</div>\s*(?=<div id=|</div>)', re.DOTALL)
_NUMBER = re.compile(r'<div class="csl-left-margin">.*?</div>', re.DOTALL)
#: the link goes into our entries' own field
_LINK = re.compile(r"\s*(?:Available from: )?https?://\S+$")


def theirs(pandoc: str, style: str, items: list[dict[str, Any]]) -> dict[str, str]:
    csl = files("newsletter.templates").joinpath("styles", f"{style}.csl")
    document = {"references": items, "nocite": "@*", "csl": str(csl), "lang": "en-US", "link-bibliography": False}
    text = f"---\n{json.dumps(document)}\n---\n"
    command = [pandoc, "--citeproc", "--from=markdown", "--to=html", "--wrap=none"]
    page = subprocess.run(command, input=text, capture_output=True, text=True, check=True).stdout
    return {key: _plain(_NUMBER.sub("", entry)) for key, entry in _ENTRY.findall(page)}


def ours(style: str, items: list[dict[str, Any]]) -> dict[str, str]:
    references = [Reference(key=csl["id"], csl=csl, at=Place(file="golden-items.json")) for csl in items]
    return {entry.key: _plain(entry.text) for entry in format_entries(references, style, "en")}


def _plain(text: str) -> str:
    line = " ".join(html.unescape(_TAG.sub("", text)).replace("\N{NO-BREAK SPACE}", " ").split())
    return _LINK.sub("", line.replace("https://doi.org/", ""))


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def compare(pandoc: str, style: str, items: list[dict[str, Any]]) -> int:
    """Prints what differs; how much of it is not expected."""
    we, they = ours(style, items), theirs(pandoc, style, items)
    different = [key for key in we if we[key] != they.get(key)]
    _say(f"{style}: {len(we) - len(different)} of {len(we)} alike")
    for key in different:
        _say(f"  {key}: {EXPECTED.get(key, 'NOT EXPECTED')}\n    ours   {we[key]}\n    pandoc {they.get(key)}")
    return sum(key not in EXPECTED for key in different)


def main() -> int:
    pandoc = sys.argv[1] if len(sys.argv) > 1 else shutil.which("pandoc")
    if not pandoc:
        _say("pandoc is not on the PATH; name its program: python tests/references/oracle.py PANDOC")
        return 2
    items = json.loads((DATA / "golden-items.json").read_text(encoding="utf-8"))
    return 1 if sum(compare(pandoc, style, items) for style in STYLES) else 0


if __name__ == "__main__":
    sys.exit(main())
