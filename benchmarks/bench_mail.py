"""The same issue made by us, by mrml and by MJML: bytes, time, dark mode, columns, accessibility. Prints one table.

    python benchmarks/bench_mail.py [--rounds 15] [--node FOLDER] [--axe FILE]

The issue lies in benchmarks/mail/workspace; the MJML source is made from it, so that all say the same words (this is checked).
MJML and axe-core come from npm and are optional: `npm install mjml cssnano axe-core` in FOLDER (or name it in BENCH_NODE).
"""

from __future__ import annotations

import argparse
import os
import re
import statistics
import subprocess
import time
from itertools import zip_longest
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, cast

from lxml import html as lxml_html
from mail.content import content, workspace
from mail.judging import browser, judge
from mail.makers import makers
from mail.parts import parts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mail.judging import Verdict
    from mail.makers import Mail, Maker

#: words of the first and of the second column
COLUMNS = ("You meet a physiotherapist", "You follow a printed plan")
#: each maker has its own way to number a list, to lead back and to fill the preview
_OWN = re.compile(r"\d+\.|\N{LEFTWARDS ARROW WITH HOOK}\N{VARIATION SELECTOR-15}?")
#: a new process takes about a second
_STARTS = 9
_AXE = Path("node_modules/axe-core/axe.min.js")
_JUDGES = Path(__file__).parent.parent / "tests" / "judges"


def words_of(html: str) -> list[str]:
    """What a reader sees, word by word."""
    page = lxml_html.document_fromstring(html.encode(), parser=lxml_html.HTMLParser(encoding="utf-8"))
    shown = "//body//text()[not(ancestor::*[contains(translate(@style, ' ', ''), 'display:none')])]"
    text = " ".join(cast("list[str]", page.xpath(shown)))
    return [word for word in re.findall(r"[\w.:/@-]+", _OWN.sub(" ", text)) if word.strip(".:-")]


def timed(tools: Sequence[Maker], rounds: int) -> list[list[Mail]]:
    """Interleaved: whatever else the machine does, it does to all of them."""
    for tool in tools:
        tool.make()
    return [[tool.make() for tool in tools] for _ in range(rounds)]


def cold(tools: Sequence[Maker], rounds: int) -> list[list[float]]:
    """Seconds of a new process each, interleaved as well; the first round, which fills the disk's cache, is left out."""
    with TemporaryDirectory() as folder:
        seconds = [[_seconds(tool.command(Path(folder))) for tool in tools] for _ in range(rounds + 1)]
    return [list(column) for column in zip(*seconds[1:], strict=True)]


def _seconds(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def quartiles(values: Sequence[float]) -> tuple[float, float, float]:
    low, middle, high = statistics.quantiles(values, n=4)
    return low, middle, high


def facts(tool: Maker, mails: Sequence[Mail], ours: Sequence[Mail], starts: Sequence[float]) -> dict[str, str]:
    """What needs no browser."""
    html, smaller = mails[0].html, tool.minified()
    low, middle, high = quartiles([own.seconds / mail.seconds for own, mail in zip(ours, mails, strict=True)])
    ratio = "" if mails is ours else f" ({middle:.1f} x as fast as ours; {low:.1f}-{high:.1f})"
    return {
        "HTML as sent": f"{len(html.encode()):,} bytes",
        **{f"of that, {name}": f"{size:,}" for name, size in parts(html).items()},
        "HTML minified by the tool": f"{len(smaller.encode()):,} bytes" if smaller else "no such option",
        "time, warm": f"{statistics.median(mail.seconds for mail in mails) * 1000:.1f} ms{ratio}",
        "time, a new process": f"{statistics.median(starts) * 1000:,.0f} ms",
        "dark mode, prefers-color-scheme": _yes("prefers-color-scheme: dark" in html),
        "dark mode, Outlook (data-ogsc)": _yes("[data-ogsc]" in html),
        "language and direction on <html>": _yes(re.search(r"<html[^>]* lang=[^>]* dir=", html)),
        "DOI links in the references": str(len(set(re.findall(r'href="https://doi\.org/[^"]+', html)))),
        "text part": f"{len(mails[0].text.encode()):,} bytes" if mails[0].text else "none",
    }


def shown(verdict: Verdict | None, *, with_axe: bool) -> dict[str, str]:
    """What Chromium saw."""
    if verdict is None:
        return {"in Chromium": "not measured (needs Playwright and Chromium)"}
    faults = ", ".join(f"{rule} x{count}" for rule, count in sorted(verdict.faults.items())) or "none"
    return {
        "looks different in dark mode": _yes(verdict.turns_dark),
        "no @media: columns side by side at 700": _yes(verdict.columns_wide),
        "no @media: one below the other at 375": _yes(verdict.columns_narrow),
        "sideways scroll at 320: as sent / no @media / no <style>": " / ".join(f"{px} px" for px in verdict.sticks_out),
        "axe, worst of 375/700 x light/dark": faults if with_axe else "not measured (needs axe-core)",
    }


def _yes(found: object) -> str:
    return "yes" if found else "no"


def same_words(names: Sequence[str], mails: Sequence[Mail]) -> str:
    """Or the run stops: what differs is no comparison."""
    first = words_of(mails[0].html)
    for name, mail in zip(names[1:], mails[1:], strict=True):
        other = words_of(mail.html)
        if first != other:
            at = next(n for n, (one, two) in enumerate(zip_longest(first, other)) if one != two)
            raise SystemExit(f"{name} says something else: {first[at - 3 : at + 5]} is {other[at - 3 : at + 5]}")
    return f"{len(first):,} words, the same in each"


def table(columns: Sequence[tuple[str, dict[str, str]]]) -> list[list[str]]:
    """The tools side by side, a row for each fact."""
    return [["", *(title for title, _ in columns)]] + [
        [name, *(known[name] for _, known in columns)] for name in columns[0][1]
    ]


def aligned(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)


def markdown(rows: Sequence[Sequence[str]]) -> str:
    """For docs/comparison.md."""
    title, *others = ["| " + " | ".join(cell.strip() for cell in row) + " |" for row in rows]
    return "\n".join([title, "|" + "---|" * len(rows[0]), *others]).replace("<", "`<").replace(">", ">`")


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--node", type=Path, default=os.environ.get("BENCH_NODE"), help="a folder with node_modules")
    parser.add_argument("--axe", type=Path, help="axe.min.js (default: that of --node, or of tests/judges)")
    parser.add_argument("--keep", type=Path, help="write the mails into this folder, to look at")
    parser.add_argument("--markdown", action="store_true", help="print the table as docs/comparison.md has it")
    return parser.parse_args()


def found_axe(named: Path | None, node: Path | None) -> Path | None:
    candidates = [named] if named else [folder / _AXE for folder in (node, _JUDGES) if folder]
    return next((file for file in candidates if file and file.is_file()), None)


def keep(folder: Path, tools: Sequence[Maker], mails: Sequence[Mail]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for tool, mail in zip(tools, mails, strict=True):
        (folder / f"{tool.name}.html").write_text(mail.html, encoding="utf-8")


def main() -> None:
    chosen = options()
    place = workspace()
    issue = content(place)
    tools, missing = makers(place, issue, chosen.node)
    rounds = timed(tools, chosen.rounds)
    by_tool = list(zip(*rounds, strict=True))
    print(same_words([tool.name for tool in tools], rounds[0]))
    starts = cold(tools, min(chosen.rounds, _STARTS))
    axe = found_axe(chosen.axe, chosen.node)
    columns = []
    with browser() as chromium:
        for tool, mails, seconds in zip(tools, by_tool, starts, strict=True):
            verdict = judge(chromium, mails[0].html, issue.picture, COLUMNS, axe) if chromium else None
            seen = shown(verdict, with_axe=axe is not None)
            columns.append((f"{tool.name} {tool.version}", facts(tool, mails, by_tool[0], seconds) | seen))
    print((markdown if chosen.markdown else aligned)(table(columns)))
    print(f"{chosen.rounds} interleaved rounds; medians, and quartiles of the ratios of each round")
    for line in missing:
        print(line)
    if chosen.keep:
        keep(chosen.keep, tools, rounds[0])


if __name__ == "__main__":
    main()
