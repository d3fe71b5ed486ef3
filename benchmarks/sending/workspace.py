"""The sample issue in a workspace of its own, and a list full of made-up readers, written by set statements."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import text

from newsletter import pipeline, settings
from newsletter.address.audience import Asked
from newsletter.cli.context import now
from newsletter.esp.sendgrid.sender import SendGridSender
from newsletter.keys import Keys

if TYPE_CHECKING:
    from newsletter.settings import Workspace
    from newsletter.store.database import Store

ISSUE = "running-after-hip-resurfacing"
LIST = "friends"
KEY = "SG.a-key-for-benchmarks"
_SECRET = "a-secret-for-benchmarks-only"
_SAMPLE = Path(__file__).parents[2]

_NUMBERS = {
    "sqlite": "WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < :readers)",
    "postgresql": "WITH s(n) AS (SELECT generate_series(1, :readers))",
}
#: one in ten has no name; some names are not ASCII, and one has to be escaped
_FIRST = """CASE n % 10 WHEN 0 THEN 'Ada' WHEN 1 THEN 'Zoë' WHEN 2 THEN 'Søren' WHEN 3 THEN 'Maria' WHEN 4 THEN ''
    WHEN 5 THEN 'Anne-Marie' WHEN 6 THEN 'John' WHEN 7 THEN 'Lee' WHEN 8 THEN 'Jürgen' ELSE 'O''Neill' END"""
_ATTRIBUTES = """'{{"sport"\\: "running", "city"\\: "Springfield"}}'"""
_STATEMENTS = (
    "INSERT INTO lists (number, name, title, created_at) VALUES (1, 'friends', 'Friends', '2026-01-01')",
    f"""INSERT INTO subscribers (number, public_id, identity_hash, address, first_name, last_name, language, timezone,
                                 attributes, tracking, created_at)
        {{numbers}} SELECT n, 'reader-' || n, substr('0000000' || n, -8) || 'e29b41d4a716446655440000',
            'reader' || n || '@mail' || (n % 200) || '.example.org', {_FIRST}, 'Moss', 'en', '', {{attributes}}, {{no}}, {{now}}
        FROM s""",
    """INSERT INTO subscriptions (subscriber, list, status, changed_at)
        {numbers} SELECT n, 1, 'subscribed', {now} FROM s""",
    # suppressions of many people who are not among them, as after some years
    """INSERT INTO suppressions (identity_hash, identity, reason, source, at)
        {numbers} SELECT 'f' || substr('0000000' || n, -7) || '111111111111111111111111', NULL, 'hard bounce', 'bench', {now}
        FROM s WHERE n % 100 = 3""",
)


def make_workspace(folder: Path, esp_url: str, database_url: str, *, in_flight: int) -> Workspace:
    """Every mail of it goes to the server of that URL."""
    for name in ("issues", "templates"):
        shutil.copytree(_SAMPLE / name, folder / name)
    text_ = (_SAMPLE / "newsletter.toml").read_text("utf-8")
    esp = f'[esp]\nname = "sendgrid"\n[esp.sendgrid]\nhost = "{esp_url}"\nrequests_in_flight = {in_flight}\n'
    more = f'\n[database]\nurl = "{database_url}"\n{esp}'
    (folder / "newsletter.toml").write_text(text_ + more, "utf-8")
    (folder / ".env").write_text(f"NEWSLETTER_SECRET={_SECRET}\nSENDGRID_API_KEY={KEY}\n", "utf-8")
    return settings.load(folder, clean_environment())


def clean_environment() -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("NEWSLETTER_", "SENDGRID_"))}
    return {**clean, "NEWSLETTER_CHECKS_SPAM_FILTER": "false", "no_proxy": "*"}


def add_readers(store: Store, readers: int) -> None:
    store.hold_to_secret(Keys([_SECRET]).fingerprint)
    with store.write() as connection:
        name = connection.dialect.name
        words = {
            "numbers": _NUMBERS[name],
            "now": "'2026-01-01 00:00:00'" if name == "sqlite" else "TIMESTAMPTZ '2026-01-01 00:00:00+00'",
            "no": "0" if name == "sqlite" else "false",
            "attributes": _ATTRIBUTES.format() if name == "sqlite" else f"({_ATTRIBUTES.format()})::json",
        }
        for statement in _STATEMENTS:
            written = statement.format(**words)
            if name == "postgresql":
                written = written.replace("substr('0000000' || n, -8)", "lpad(n::text, 8, '0')")
                written = written.replace("substr('0000000' || n, -7)", "lpad(n::text, 7, '0')")
            connection.execute(text(written), {"readers": readers} if "s(n)" in written else {})


def plan(store: Store, place: Workspace) -> int:
    """The number of a new mailing to all readers."""
    prepared = pipeline.prepare(place, place.folder / "issues" / ISSUE / "issue.md", now())
    sender = SendGridSender(place.settings.esp.sendgrid, KEY)
    return pipeline.plan(store, prepared, Asked(to=(LIST,)), sender, "", now())
