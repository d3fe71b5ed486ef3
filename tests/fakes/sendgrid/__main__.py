"""Starts the fake by hand."""

from __future__ import annotations

import json
import os
import signal
import sys
from typing import TYPE_CHECKING, Any

from tests.fakes.sendgrid import KEY, FakeSendGrid, RateLimit
from tests.fakes.sendgrid.lean import LeanServer
from tests.fakes.sendgrid.options import parser
from tests.fakes.sendgrid.webhooks import Manners, Signer, Webhooks

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping
    from pathlib import Path


def main() -> None:
    given = parser(KEY).parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if given.lean:
        lean = LeanServer(port=given.port, key=given.key, delay=given.delay, blind=given.blind)
        _serve(lean, given)
        return
    fake = _fake(given)
    _serve(fake, given)
    if fake.webhooks:
        fake.webhooks.close()


def _fake(given: argparse.Namespace) -> FakeSendGrid:
    fake = FakeSendGrid(
        port=given.port,
        key=given.key,
        delay=given.delay,
        record=given.record,
        keep=False,
        strict=given.strict,
        seed=given.seed,
    )
    fake.shares = dict(given.faults)
    fake.mail_faults.during(*given.schedule, from_first=True)
    fake.rate_limit = RateLimit(*given.rate) if given.rate else None
    fake.account.checks_sender = bool(given.domain)
    fake.account.domains = dict.fromkeys(given.domain or ("example.org",), True)
    for name, address in given.suppressed:
        fake.suppressions.add(name, address)
    if given.webhook:
        manners = Manners(duplicates=given.duplicates, shuffled=given.shuffled, forged=given.forged)
        fake.webhooks = Webhooks(given.webhook, _signer(given.webhook_key), manners, seed=given.seed)
        fake.account.public_key = fake.webhooks.signer.public_key
        for name, share in given.fates:
            setattr(fake.fates, name, share)
    return fake


def _signer(path: Path | None) -> Signer:
    """The key of an earlier start, so that newsletter.toml need not be changed each time."""
    if path and path.exists():
        return Signer(path.read_bytes())
    signer = Signer()
    if path:
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:  # noqa: PTH123
            file.write(signer.pem)
    return signer


def _serve(fake: FakeSendGrid | LeanServer, given: argparse.Namespace) -> None:
    _print(f"{fake.url} takes mail for the key {given.key}; Ctrl-C ends it")
    if isinstance(fake, FakeSendGrid) and fake.webhooks:
        _print(f"events go to {fake.webhooks.url}, signed; the public key is {fake.webhooks.signer.public_key}")
    try:
        fake.serve()
    except KeyboardInterrupt:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    totals = fake.totals()
    _print(json.dumps(totals) if given.json else _in_words(totals))


def _in_words(totals: Mapping[str, Any]) -> str:
    lines = ["", f"taken: {totals['requests']} requests for {totals['readers']} readers, {totals['bytes']:,} bytes"]
    twice = totals["twice"]
    lines.append("nobody twice" if not twice else f"TWICE: {twice} deliveries came again to the same address")
    rest = {name: told for name, told in totals.items() if name not in {"requests", "readers", "twice", "bytes"}}
    return "\n".join([*lines, *(f"{name}: {_listed(told)}" for name, told in rest.items() if told)])


def _listed(told: Any) -> str:
    return ", ".join(f"{name} {count}" for name, count in told.items()) if isinstance(told, dict) else str(told)


def _print(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
