"""Settings -> keys, store, sender: the one place that chooses adapters."""

from __future__ import annotations

import os
import secrets
import socket
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from newsletter.errors import FileUnreadable, SecretMissing, ServiceMissing
from newsletter.keys import Keys
from newsletter.settings.cache import cache_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from newsletter.check.finished.spam_score import SpamJudge
    from newsletter.check.outside import Outside
    from newsletter.deliver.ports import Memory, Sender
    from newsletter.deliver.terms import Terms
    from newsletter.esp.mailbox.imap import Place
    from newsletter.pipeline.handling import EventReader
    from newsletter.pipeline.syncing import SuppressionMirror
    from newsletter.probe.bibliography import Bibliography
    from newsletter.settings import Workspace
    from newsletter.store.database import Store

SECRET = "NEWSLETTER_SECRET"  # noqa: S105 - the name of a variable
OLD_SECRETS = "NEWSLETTER_OLD_SECRETS"
MAILBOX_USER, MAILBOX_PASSWORD = "MAILBOX_USER", "MAILBOX_PASSWORD"
#: mails of our mailbox that one run reads; the next goes on
MOST_MAILS = 5_000


def open_store(workspace: Workspace) -> Store:
    """The workspace's database, its schema brought up to date.

    Raises:
        ServiceMissing: it cannot be opened.
    """
    from newsletter.store.database import Store

    return Store(workspace.database_url)


def open_keys(workspace: Workspace, store: Store) -> tuple[Keys, bool]:
    """The keys, bound to this database; True when the secret was made just now and written to `.env`.

    Raises:
        SecretMissing: this database knows a secret, but the environment does not have it.
        SecretChanged: the environment has another one.
    """
    made = False
    secret = workspace.secrets.get(SECRET, "")
    if not secret:
        if store.knows_a_secret():
            raise SecretMissing(SECRET)
        secret, made = add_secret(workspace.folder), True
    keys = Keys([secret, *_old_secrets(workspace)])
    store.hold_to_secret(keys.fingerprint)
    return keys, made


def keys_at_hand(workspace: Workspace) -> Keys | None:
    """The keys of the environment, whatever the database says; None where there is no secret."""
    secret = workspace.secrets.get(SECRET, "")
    return Keys([secret, *_old_secrets(workspace)]) if secret else None


def _old_secrets(workspace: Workspace) -> list[str]:
    return [entry.strip() for entry in workspace.secrets.get(OLD_SECRETS, "").split(",") if entry.strip()]


def add_secret(folder: Path) -> str:
    """Make a secret and add it to the workspace's `.env`, readable for its owner only."""
    path, secret = folder / ".env", secrets.token_urlsafe(32)
    try:
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        gap = "" if not before or before.endswith("\n") else "\n"
        with os.fdopen(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600), "a", encoding="utf-8") as file:
            file.write(f"{gap}{SECRET}={secret}\n")
        path.chmod(0o600)
    except OSError as why:
        raise FileUnreadable(path, why.strerror or str(why)) from None
    return secret


def open_senders(workspace: Workspace) -> tuple[Sender, ...]:
    """The sender that `esp.name` asks for; behind it that of `esp.fallback`, where there is one.

    Raises:
        SecretMissing, ServiceMissing: see open_sender.
    """
    esp = workspace.settings.esp
    names = dict.fromkeys(filter(None, (esp.name, esp.fallback)))
    return tuple(open_sender(workspace, name) for name in names)


def open_sender(workspace: Workspace, name: str = "") -> Sender:
    """The sender of this name; without one that of `esp.name`.

    Raises:
        SecretMissing: its key is not in the environment.
        ServiceMissing: there is no such sender.
    """
    esp = workspace.settings.esp
    name = name or esp.name
    if name == "outbox":
        from newsletter.esp.outbox import Outbox

        return Outbox(workspace.folder / "outbox", embeds=esp.outbox.embed_images)
    if name == "sendgrid":
        from newsletter.esp.sendgrid.sender import SendGridSender

        key = workspace.secrets.get("SENDGRID_API_KEY", "")
        if not key:
            raise SecretMissing("SENDGRID_API_KEY")
        return SendGridSender(esp.sendgrid, key)
    if name == "smtp":
        from newsletter.esp.smtp.sender import SmtpSender

        return SmtpSender(
            esp.smtp,
            journal=_smtp_journal(workspace),
            sender=workspace.settings.sender.address,
            user=workspace.secrets.get("SMTP_USER", ""),
            password=workspace.secrets.get("SMTP_PASSWORD", ""),
            ca_file=workspace.folder / esp.smtp.ca_file if esp.smtp.ca_file else None,
        )
    raise ServiceMissing(f"the sender `{name}`", "this version sends through outbox, sendgrid and smtp; set esp.name")


def memory_of(workspace: Workspace, name: str) -> Memory | None:
    """What a sender remembers that is not set up any more. It takes neither a server nor a password to ask it."""
    if name != "smtp":
        return None
    from newsletter.esp.smtp.recalling import SmtpMemory

    return SmtpMemory(_smtp_journal(workspace))


def _smtp_journal(workspace: Workspace) -> Path:
    return workspace.folder / ".newsletter" / "journal"


def sending_terms(workspace: Workspace) -> Terms:
    """How fast, when, and what is too much trouble, as the settings say."""
    from datetime import timedelta
    from zoneinfo import ZoneInfo

    from newsletter.deliver.terms import Terms
    from newsletter.deliver.window import Window

    sending, esp = workspace.settings.sending, workspace.settings.esp
    zone = ZoneInfo(workspace.settings.newsletter.timezone)
    return Terms(
        per_second=sending.per_second,
        per_hour=sending.per_hour,
        window=Window.of(sending.days, sending.hours, zone),
        refused_percent=sending.stop_at_refused_percent,
        retry=timedelta(minutes=sending.retry_minutes),
        fallback_after=timedelta(minutes=esp.fallback_after_minutes),
    )


def open_mirror(workspace: Workspace) -> SuppressionMirror | None:
    """What a provider of this workspace knows of suppressions; None where none keeps such lists, or its key is not at hand.

    Raises:
        ServiceMissing: the key is none.
    """
    esp, key = workspace.settings.esp, workspace.secrets.get("SENDGRID_API_KEY", "")
    if "sendgrid" not in {esp.name, esp.fallback} or not key.strip():
        return None
    from newsletter.esp.sendgrid.account import Account
    from newsletter.esp.sendgrid.client import Api
    from newsletter.esp.sendgrid.key import checked_key
    from newsletter.esp.sendgrid.suppressions import SendGridSuppressions

    return SendGridSuppressions(Account(Api(checked_key(key), esp.sendgrid.host, esp.sendgrid.timeout)))


def outside(workspace: Workspace, *, online: bool = False) -> Outside:
    """What the checks of this workspace may ask: links only where that was asked for, a spam filter where one is installed."""
    from newsletter.check.outside import Outside

    links = None
    if online:
        from newsletter.probe.links import Links

        newsletter = workspace.settings.newsletter
        links = Links(cache=cache_folder() / "links", agent=f"{newsletter.name} ({newsletter.base_url})")
    return Outside(links=links, spam=_spam_filter() if workspace.settings.checks.spam_filter else None)


def _spam_filter() -> SpamJudge:
    from newsletter.probe.spam_cache import RememberedVerdicts
    from newsletter.probe.spamassassin import SpamAssassin

    return RememberedVerdicts(judging=SpamAssassin(), folder=cache_folder() / "spam", now=lambda: datetime.now(UTC))


def bibliography(workspace: Workspace) -> Bibliography:
    """Where DOIs and PubMed numbers are looked up, for this workspace and in its name."""
    from importlib.metadata import version
    from urllib.parse import quote, urlsplit

    from newsletter.probe.bibliography import Bibliography
    from newsletter.probe.bibliography_cache import RecordCache
    from newsletter.probe.bibliography_request import Asking

    settings = workspace.settings
    registers, sender = settings.references, settings.sender
    mailto = quote(registers.mailto or sender.reply_to or sender.address, safe="@")
    page = quote(settings.newsletter.base_url, safe=":/[]")
    hosts = frozenset(urlsplit(url).hostname or "" for url in (registers.doi_url, registers.pubmed_url))
    return Bibliography(
        doi_url=registers.doi_url,
        pubmed_url=registers.pubmed_url,
        asking=Asking(
            agent=f"newsletter-pipeline/{version('newsletter-pipeline')} ({page}; mailto:{mailto})", hosts=hosts
        ),
        cache=RecordCache(folder=cache_folder() / "references", now=lambda: datetime.now(UTC)),
    )


def owner() -> str:
    """Who holds a lease: machine, process and when the process began, so that a number used again is not mistaken."""
    return f"{socket.gethostname()}:{os.getpid()}:{_began(os.getpid())}"


def may_be_alive(name: str) -> bool:
    """Whether the process that calls itself so may still be running; one on another machine always may."""
    host, pid, began = name.rsplit(":", 2)
    if host != socket.gethostname():
        return True
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return _began(int(pid)) == began


def _began(pid: int) -> str:
    """The kernel's start time of a process where /proc tells it (Linux); "gone" for a zombie."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
    except OSError:
        return ""
    return "gone" if fields[0] in {"Z", "X"} else fields[19]


def event_readers(store: Store, keys: Keys) -> Mapping[str, EventReader]:
    """Who reads the reports in the inbox, by the name of the ESP that they came from."""
    from newsletter.esp.mailbox.reader import MailboxReader
    from newsletter.esp.sendgrid import events as sendgrid
    from newsletter.store import delivered

    def mailing_of(link_number: int) -> int | None:
        with store.read() as connection:
            return delivered.mailing_of(connection, link_number)

    return {"sendgrid": sendgrid.read, "mailbox": MailboxReader(keys=keys, mailing_of=mailing_of)}


def mailbox_mails(workspace: Workspace) -> Callable[[Place], Iterable[tuple[Place, list[bytes]]]]:
    """The mails of the mailbox that are new since a place.

    Raises:
        SecretMissing: its user or password is not in the environment.
        ServiceMissing: no mailbox is set up, or none that is read over IMAP.
    """
    from newsletter.esp.mailbox.imap import new_mails

    mailbox = workspace.settings.mailbox
    if not mailbox.address or not mailbox.host:
        raise ServiceMissing("the mailbox", "none is set up; set mailbox.address and mailbox.host in newsletter.toml")
    for variable in (MAILBOX_USER, MAILBOX_PASSWORD):
        if not workspace.secrets.get(variable):
            raise SecretMissing(variable)
    user, password = workspace.secrets[MAILBOX_USER], workspace.secrets[MAILBOX_PASSWORD]
    return lambda place: new_mails(mailbox, user, password, place, MOST_MAILS)
