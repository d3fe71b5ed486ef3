"""A site that has everything: a sent issue in the archive, offered lists, somebody who has to confirm, a notice of each kind."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta
from html import unescape
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from sqlalchemy import insert, select, update

from newsletter.compose.links import delivery_links, notice_links
from newsletter.compose.slots import fill
from newsletter.keys import NOTICES, PROBE, DeliveryToken, Keys
from newsletter.model.identity import identity
from newsletter.model.notice_mail import NoticeKind
from newsletter.pipeline.notices_made import KINDS, NoticeMaker
from newsletter.settings import Workspace
from newsletter.store import notices, rendered
from newsletter.store import tables as t
from newsletter.store.people import erasing
from newsletter.web.app import create_app
from tests.web.sample_mailing import BASE_URL, LINK_NUMBER, NOW, a_letter, client, sample_mailing, settings

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from newsletter.settings import Settings
    from tests.web.sample_mailing import SampleMailing

ADA, NEWCOMER = "ada@example.org", "newcomer@example.org"
#: what a browser says of a form on a page of ours
FROM_OUR_PAGE = {"Sec-Fetch-Site": "same-origin"}
#: the pages that belong to somebody
OF_SOMEBODY = ("/u/", "/p/", "/v/", "/c/", "/d/", "/e/")


def roomy(base_url: str = BASE_URL, **sections: Any) -> Settings:
    """Nobody is asked to wait."""
    return settings(base_url, signup={"per_hour": 10_000, "welcome": True, **sections.pop("signup", {})}, **sections)


@dataclass
class HostileSite:
    mailing: SampleMailing
    settings: Settings
    now: datetime = NOW + timedelta(hours=1)
    keys: Keys = field(default_factory=lambda: Keys(["a secret for tests"]))

    def __post_init__(self) -> None:
        self.store = self.mailing.store
        self.reopen(self.keys)

    def reopen(self, keys: Keys) -> None:
        self.keys = keys
        app = create_app(self.store, keys, self.settings, (), lambda: self.now, erase=self.erase)
        self.app = app
        # a fault of ours is answered as in real life
        self.web: Any = client(app, raise_server_exceptions=False)

    def erase(self, address: str, now: datetime) -> None:
        with self.store.write() as connection:
            erasing.erase(connection, self.keys.identity_hash(identity(address)), address, now)

    def notice(self, kind: NoticeKind) -> int:
        query = select(t.notices.c.number).order_by(t.notices.c.number)
        with self.store.read() as connection:
            return int(connection.scalars(query.where(t.notices.c.kind == kind)).first() or 0)

    def token_of(self, kind: NoticeKind | None) -> str:
        """Of the notice of this kind; None: of the mailing."""
        meant = DeliveryToken(mailing=NOTICES, n=self.notice(kind)) if kind else DeliveryToken(mailing=LINK_NUMBER, n=1)
        return self.keys.token(meant)

    @property
    def probe(self) -> str:
        return self.keys.token(PROBE)

    def everything(self) -> dict[str, list[tuple[Any, ...]]]:
        return self.mailing.rows()

    def mail_urls(self, kind: NoticeKind | None = None) -> list[str]:
        """Every URL of a mail: in its HTML, in its text, in its headers."""
        token = self.token_of(kind)
        links = (delivery_links if kind is None else notice_links)(BASE_URL, token)
        with self.store.read() as connection:
            sent = select(t.notices.c.fingerprint).where(t.notices.c.kind == kind)
            key = connection.scalar(sent) if kind else a_letter(BASE_URL).fingerprint
            content = rendered.load(connection, str(key))
        headers = "" if kind else " ".join(links.values())
        text = unescape(f"{fill(content.html, links)} {fill(content.text, links)} {headers}")
        return sorted({url.rstrip(".,") for url in re.findall(rf"{re.escape(BASE_URL)}[^\s\"'<>()]*", text)})


def hostile_site(folder: Path, given: Settings | None = None) -> HostileSite:
    """The site of the folder's database, made if it is not there yet."""
    given = given or roomy()
    mailing = sample_mailing(folder, given=given)
    site = HostileSite(mailing=mailing, settings=given)
    with site.store.read() as connection:
        is_made = connection.scalar(select(t.notices.c.number).limit(1))
    if not is_made:
        _make(site, NoticeMaker(Workspace(folder=folder, settings=given, secrets={})))
    return site


def _make(site: HostileSite, maker: NoticeMaker) -> None:
    with site.store.write() as connection:
        shown = t.lists.c.name.in_(("friends", "runners"))
        connection.execute(update(t.lists).where(shown).values(public=True, archive="public"))
        connection.execute(update(t.mailings).values(state="finished"))
        connection.execute(insert(t.corrections).values(issue="running", text="Ten, not 100.", at=NOW))
    asked = site.web.post("/subscribe", data={"email": NEWCOMER, "list": ["friends", "runners"]})
    assert asked.status_code == 200
    with site.store.write() as connection:
        for kind in KINDS:
            if kind is not NoticeKind.CONFIRMATION:
                _order(connection, site, kind)
            made = maker.made(kind, "en", ("Friends of the clinic",))
            assert made.rendered
            rendered.keep(connection, made.slug, [made.rendered], made.images, made.digest, NOW)
            sent = update(t.notices).where(t.notices.c.kind == kind)
            connection.execute(sent.values(fingerprint=made.rendered.fingerprint, state="accepted", answered_at=NOW))


def _order(connection: Any, site: HostileSite, kind: NoticeKind) -> None:
    notices.order(
        connection,
        kind=kind,
        identity_hash=site.keys.identity_hash(identity(ADA)),
        address=ADA,
        cause=f"test {kind}",
        now=site.now,
        language="en",
        about={"lists": [1]} if kind in {NoticeKind.WELCOME, NoticeKind.KNOWN} else {},
    )


def path_of(url: str) -> str:
    """What a client asks our server for."""
    parts = urlsplit(url)
    return f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"


def shown_alike(answer: Any) -> tuple[int, bytes, dict[str, str]]:
    """All of an answer that could be a clue; the number of a request is another each time."""
    headers = {name: value for name, value in answer.headers.items() if name != "x-request-id"}
    return answer.status_code, answer.content, headers


def spellings(token: str) -> Sequence[str]:
    """What somebody makes of a token by hand."""
    changed = "B" if token[9] != "B" else "C"
    return (
        token[:-1],
        token[:16],
        token + "A",
        token + "=",
        token[:9] + changed + token[10:],
        token.swapcase(),
        token[1:] + token[:1],
        token.replace(token[3], "é"),
        token[:8] + "%00" + token[8:],
        token[:8] + "%0A" + token[8:],
        token + "%20",
        "A" * 32,
        "_" * 32,
        "A" * 4000,
        "%F0%9F%92%A9",
        "..%5C..%5Cetc%5Cpasswd",
        "%C0%AE%C0%AE",
    )
