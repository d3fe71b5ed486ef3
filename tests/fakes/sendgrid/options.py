"""The options of the command, and how they are read."""

from __future__ import annotations

import argparse
from dataclasses import fields
from functools import partial
from pathlib import Path

from tests.fakes.sendgrid.events import Fates
from tests.fakes.sendgrid.faults import TAKEN, Behaviour
from tests.fakes.sendgrid.suppressions import LISTS

_ABOUT = """\
A server on this machine that answers as SendGrid does: it refuses what the documentation forbids, and fails as you ask.
Point [esp.sendgrid] host in newsletter.toml at it and set SENDGRID_API_KEY to its key. No mail leaves this machine.
"""
_EXAMPLES = """\
examples:
  python -m tests.fakes.sendgrid                                    take everything that is allowed
  python -m tests.fakes.sendgrid --drop 0.1 --record mails.jsonl    every tenth answer is lost; keep the mails
  python -m tests.fakes.sendgrid --schedule unavailable:30,busy:10  503 for 30 s, then 429 for 10 s, then normal
  python -m tests.fakes.sendgrid --rate 10/1                        no more than 10 requests a second, else 429
  python -m tests.fakes.sendgrid --webhook http://127.0.0.1:8000/hooks/sendgrid --fate bounce=0.02 --fate open=0.3
  python -m tests.fakes.sendgrid --lean --delay 0.1                 for benchmarks

faults (for --fault and --schedule; * the mail was taken all the same):
"""


def parser(key: str) -> argparse.ArgumentParser:
    listed = "\n".join(f"  {_word(one):20} {'*' if one in TAKEN else ' '} {one}" for one in Behaviour)
    options = argparse.ArgumentParser(
        prog="python -m tests.fakes.sendgrid",
        description=_ABOUT,
        epilog=_EXAMPLES + listed,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    options.add_argument("--port", type=int, default=8025, help="8025 if you name none; 0 takes a free one")
    options.add_argument("--key", default=key, help=f"the API key that may do everything ({key})")
    options.add_argument("--delay", type=_seconds, default=0.0, metavar="SECONDS", help="before each answer")
    options.add_argument("--strict", action="store_true", help="50,000 bytes of substitutions for a whole request")
    options.add_argument("--domain", action="append", help="refuse mail from other domains (403); may be repeated")
    options.add_argument("--record", type=Path, metavar="FILE", help="append each finished mail, one JSON a line")
    options.add_argument("--json", action="store_true", help="say at the end what was taken as JSON")
    _add_faults(options.add_argument_group("what goes wrong"))
    _add_events(options.add_argument_group("what comes back"))
    lean = options.add_argument_group("for benchmarks")
    lean.add_argument(
        "--lean",
        action="store_true",
        help="look at no limits, only count; all of the above but --port, --key, --delay and --json is left aside",
    )
    lean.add_argument("--blind", action="store_true", help="with --lean: do not even parse")
    return options


def _add_faults(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--seed", type=int, default=1, help="the same seed draws the same faults")
    group.add_argument(
        "--fault",
        dest="faults",
        action="append",
        type=_fault,
        default=[],
        metavar="NAME=SHARE",
        help="share of the requests that meet a fault of the list below, such as reset=0.05",
    )
    for name, behaviour, what in (
        ("drop", Behaviour.DROP, "requests taken but never answered"),
        ("error", Behaviour.ERROR, "requests taken but answered by 500"),
        ("busy", Behaviour.BUSY_RETRY_AFTER, "requests answered by 429, not taken"),
    ):
        group.add_argument(
            f"--{name}",
            dest="faults",
            action="append",
            metavar="SHARE",
            help=f"share of {what}",
            type=partial(_short_fault, behaviour),
        )
    group.add_argument(
        "--schedule",
        type=_schedule,
        default=[],
        metavar="NAME:SECONDS,...",
        help="from the first request on, one after the other",
    )
    group.add_argument("--rate", type=_rate, metavar="REQUESTS/SECONDS", help="429 beyond that, with true headers")


def _add_events(group: argparse._ArgumentGroup) -> None:
    kinds = ", ".join(one.name for one in fields(Fates))
    group.add_argument("--webhook", metavar="URL", help="send signed events there")
    group.add_argument("--webhook-key", type=Path, metavar="FILE", help="keep the signing key there for the next start")
    group.add_argument(
        "--fate",
        dest="fates",
        action="append",
        type=_fate,
        default=[],
        metavar="NAME=SHARE",
        help=f"share of the mails; names: {kinds}",
    )
    group.add_argument("--duplicates", type=_share, default=0.0, metavar="SHARE", help="of the events, sent twice")
    group.add_argument("--shuffled", action="store_true", help="events in any order")
    group.add_argument(
        "--forged", type=_share, default=0.0, metavar="SHARE", help="of the POSTs, with a bad signature first"
    )
    group.add_argument(
        "--suppressed",
        action="append",
        type=_suppressed,
        default=[],
        metavar="[LIST=]ADDRESS",
        help=f"accept mail to it and drop it; lists: {', '.join(LISTS)}",
    )


def _word(behaviour: Behaviour) -> str:
    return behaviour.name.lower().replace("_", "-")


def _behaviour(text: str) -> Behaviour:
    try:
        return Behaviour[text.upper().replace("-", "_")]
    except KeyError:
        raise argparse.ArgumentTypeError(f"there is no fault {text!r}; --help lists them") from None


def _share(text: str) -> float:
    try:
        share = float(text)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no share between 0 and 1")
    return share


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds < 1e6:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds")
    return seconds


def _fault(text: str) -> tuple[Behaviour, float]:
    name, _, share = text.partition("=")
    return _behaviour(name), _share(share)


def _short_fault(behaviour: Behaviour, text: str) -> tuple[Behaviour, float]:
    return behaviour, _share(text)


def _fate(text: str) -> tuple[str, float]:
    name, _, share = text.partition("=")
    known = {one.name for one in fields(Fates)}
    plain = name.replace("-", "_")
    if plain not in known:
        raise argparse.ArgumentTypeError(f"there is no fate {name!r}; there are {', '.join(sorted(known))}")
    return plain, _share(share)


def _schedule(text: str) -> list[tuple[float, Behaviour]]:
    phases = [phase.partition(":") for phase in text.split(",")]
    return [(_seconds(seconds), _behaviour(name)) for name, _, seconds in phases]


def _rate(text: str) -> tuple[int, float]:
    count, _, seconds = text.partition("/")
    if not count.isdecimal() or int(count) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not such as 10/1: requests in so many seconds")
    return int(count), _seconds(seconds or "1")


def _suppressed(text: str) -> tuple[str, str]:
    name, equals, address = text.rpartition("=")
    if equals and name not in LISTS:
        raise argparse.ArgumentTypeError(f"there is no list {name!r}; there are {', '.join(LISTS)}")
    return name or "unsubscribes", address
