"""The links of the mailings that events are about, found in the stored bytes once per process: those never change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.record.links import Links, links_of

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

#: by the fingerprint of the bytes; the oldest goes
_FOUND: dict[str, Links] = {}
_MOST = 64


class MailedLinks:
    """Within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._of_mailing: dict[int, Links] = {}

    def counted_as(self, mailing: int, url: str) -> str:
        """What to count a link as that was followed in a mail of ours; empty where it is not to be counted."""
        links = self._of_mailing.get(mailing)
        if links is None:
            links = self._of_mailing[mailing] = self._links(mailing)
        return links.counted_as(url)

    def _links(self, mailing: int) -> Links:
        from newsletter.store import mailings

        links = Links()
        for fingerprint in mailings.get(self._connection, mailing).variants.values():
            links |= self._in(fingerprint)
        return links

    def _in(self, fingerprint: str) -> Links:
        from newsletter.store import rendered

        found = _FOUND.get(fingerprint)
        if found is None:
            found = _FOUND[fingerprint] = links_of(rendered.load(self._connection, fingerprint))
            while len(_FOUND) > _MOST:
                _FOUND.pop(next(iter(_FOUND)), None)
        return found
