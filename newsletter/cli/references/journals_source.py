"""Where `newsletter references journals import` reads from: a file, or an https address."""

from __future__ import annotations

from pathlib import Path

import click

from newsletter.cli.show import clean

MOST_BYTES = 40_000_000
SECONDS = 120
#: what the system says of a host without a network
_NOT_FOUND = ("Name or service not known", "name resolution", "nodename nor servname", "No address associated")


def content_of(source: str) -> str:
    """What the file or the address holds.

    Raises:
        UsageError: no such file, or an address that is not https.
        ServiceMissing: nothing came from the address.
    """
    content = _downloaded(source) if "://" in source else _read(Path(source))
    return content.decode("utf-8-sig", errors="replace")


def _downloaded(address: str) -> bytes:
    from newsletter.errors import ServiceMissing
    from newsletter.probe.download import download

    if not address.lower().startswith("https://"):
        raise click.UsageError(f"`{clean(address[:200])}` is not an https address; only those are fetched.")
    try:
        return download(address, most=MOST_BYTES, seconds=SECONDS)
    except ServiceMissing as why:
        offline = any(sign in why.why for sign in _NOT_FOUND)
        words = "this machine cannot find it; is it connected to the internet?" if offline else f"{why.why}."
        advice = "Or fetch the file with your browser, and import that: newsletter references journals import FILE."
        raise ServiceMissing(f"the list of journals could not be fetched from {address}", f"{words} {advice}") from None


def _read(path: Path) -> bytes:
    from newsletter.errors import FileUnreadable

    if not path.exists():
        raise click.UsageError(f"there is no file `{clean(str(path)[:200])}`.")
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as why:
        raise FileUnreadable(path, why.strerror or str(why)) from None
    if len(content) > MOST_BYTES:
        raise FileUnreadable(path, f"it is larger than {MOST_BYTES // 1_000_000} MB")
    return content
