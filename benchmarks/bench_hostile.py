"""`newsletter check` on workspaces that were made to do harm: seconds, memory, and what it says. Prints one table.

    python benchmarks/bench_hostile.py [WORD ...] [--seconds 5] [--megabytes 500] [--json FILE]

Only kinds whose names have one of the words are run. Each runs in a process of its own with at most 1.5 GB of address space
and half a minute. Exits with 1 if one is slower or larger than allowed, ends with a traceback or is killed.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from hostile.kinds import ISSUE, kinds

if TYPE_CHECKING:
    from hostile.kinds import Files

_ADDRESS_SPACE = 1_500_000 * 1024
_LONGEST = 30
_SETTINGS = """
[newsletter]
name = "Letters"
base_url = "https://news.example.org"
language = "en"
timezone = "Europe/Berlin"
[sender]
name = "Clinic"
address = "letters@example.org"
postal_address = "12 Example Street, Springfield"
[policy]
required = ["general"]
[attributes.sport]
type = "choice"
choices = ["running", "walking"]
[segments.runners]
attribute = "sport"
equals = "running"
"""
#: the command, which tells at its end how large it was at most: the figure of wait4 has its parent's size in it
_COMMAND = f"""
import resource, sys
from pathlib import Path
resource.setrlimit(resource.RLIMIT_AS, ({_ADDRESS_SPACE}, {_ADDRESS_SPACE}))
resource.setrlimit(resource.RLIMIT_CPU, ({_LONGEST}, {_LONGEST}))
from newsletter.cli.main import main
try:
    main()
finally:
    told = Path("/proc/self/status").read_text()
    Path(sys.argv[2], "peak").write_text(told.split("VmHWM:")[1].split()[0])
"""


@dataclass(frozen=True, kw_only=True)
class Run:
    """`said` are the codes of the problems with how often each was told, or the last line of what it said."""

    name: str
    seconds: float
    megabytes: float
    status: int
    said: str
    told: int

    def is_good(self, seconds: float, megabytes: float) -> bool:
        return (
            self.seconds <= seconds
            and self.megabytes <= megabytes
            and self.status in {0, 1, 2, 4, 5}
            and self.told >= 0
        )


def run(name: str, files: Files) -> Run:
    with TemporaryDirectory(prefix="newsletter-hostile-") as folder:
        home = Path(folder)
        _write(home, files)
        command = [sys.executable, "-c", _COMMAND, "-C", folder, "check", "--json", str(home / ISSUE)]
        began = time.perf_counter()
        process = subprocess.Popen(command, stdout=(home / "out").open("wb"), stderr=(home / "err").open("wb"))
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        peak = home / "peak"
        megabytes = int(peak.read_text()) / 1024 if peak.exists() else used.ru_maxrss / 1024
        said, told = _said((home / "out").read_text(errors="replace"), (home / "err").read_text(errors="replace"))
    return Run(
        name=name,
        seconds=min(seconds, used.ru_utime + used.ru_stime),
        megabytes=megabytes,
        status=process.returncode,
        said=said,
        told=told,
    )


def _write(home: Path, files: Files) -> None:
    settings = _SETTINGS.encode() + files.get("newsletter.toml+", b"")
    for path, content in {"newsletter.toml": settings, **files}.items():
        if not path.endswith("+"):
            (home / path).parent.mkdir(parents=True, exist_ok=True)
            (home / path).write_bytes(content)


def _said(out: str, err: str) -> tuple[str, int]:
    """The codes, and how many problems; -1 where something came that nobody has put into words."""
    last = err.strip().splitlines()[-1][:90] if err.strip() else ""
    if "Traceback" in err or "rule-crashed" in out or "Error" in last:
        return last or "a rule crashed", -1
    try:
        problems = json.loads(out)["problems"]
    except (ValueError, KeyError, TypeError):
        return last or out.strip()[:90], 0
    codes: dict[str, int] = {}
    for problem in problems:
        codes[problem["code"]] = codes.get(problem["code"], 0) + 1
    common = sorted(codes.items(), key=lambda pair: -pair[1])[:4]
    return " ".join(f"{code} {count}" for code, count in common), len(problems)


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("words", nargs="*")
    arguments.add_argument("--seconds", type=float, default=5)
    arguments.add_argument("--megabytes", type=float, default=500)
    arguments.add_argument("--json", type=Path)
    given = arguments.parse_args()
    bad: list[Run] = []
    done: list[Run] = []
    for name, files in kinds():
        if given.words and not any(word in name for word in given.words):
            continue
        one = run(name, files)
        done.append(one)
        good = one.is_good(given.seconds, given.megabytes)
        print(
            f"{' ' if good else '!'} {one.seconds:6.1f} s {one.megabytes:5.0f} MB {one.status:4d} {name[:52]:52s} {one.said}",
            flush=True,
        )
        bad += [] if good else [one]
    if given.json:
        given.json.write_text(json.dumps([asdict(one) for one in done], indent=1), encoding="utf-8")
    print(f"{len(done)} kinds, {len(bad)} of them bad")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
