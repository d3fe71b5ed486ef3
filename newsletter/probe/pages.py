"""Do readers' links work? Asked before real mail: base_url must be https, public, and answer with our secret, as RFC 8058
asks for (a POST without a detour), and each image must come from there.

Asking changes nothing: the token is signed for this, and stands for no reader.
"""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit, urlunsplit

from newsletter.compose.carrying import wire_domain
from newsletter.compose.links import PATHS, pictures_url
from newsletter.model.refusal import Refusal
from newsletter.model.rendered import UNSUBSCRIBE_URL
from newsletter.probe.link_request import NotVisited, Requests, Unreachable, host_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from newsletter.model.rendered import ImageFile
    from newsletter.probe.link_request import Answer

#: what newsletter/web answers to the probe token, and nobody else can: to a look, and to one click
PROBE_HEADER = "X-Newsletter-Probe"
SEEN, HEARD = "ok", "one-click"
#: which database it is that the pages work on (store/mark.py)
DATABASE_HEADER = "X-Newsletter-Database"
#: what a mail program posts (RFC 8058)
_ONE_CLICK = b"List-Unsubscribe=One-Click"
_SECONDS = 20.0
_AT_ONCE = 4
#: images that are named; the others are counted
_MOST_NAMED = 3
_KEPT = "/%:@!$&'()*+,;=~"

_SERVE = "Run `newsletter serve` behind newsletter.base_url, with this database and this secret (docs/running.md)."
_NO_FENCE = "Take logins, filters and browser checks away from /u/, /p/, /v/ and /i/: readers have none of these."


def _asking() -> Requests:
    return Requests(agent="newsletter-pipeline (a look at its own pages)", ports=None)


@dataclass(frozen=True, kw_only=True)
class Pages:
    """The pages behind base_url, seen from outside. Tests reach a server of their own by other `requests`."""

    base_url: str
    requests: Requests = field(default_factory=_asking)
    #: how long one request may take in all
    seconds: float = _SECONDS

    def refusals(
        self, probe_token: str, pictures: Sequence[ImageFile], mark: Callable[[], str] | None = None
    ) -> list[Refusal]:
        """What is wrong. Images are looked at only where the pages answer; `mark` is that of our database now."""
        if urlsplit(self.base_url).scheme != "https":
            why = f"newsletter.base_url is {self.base_url}; readers' links must be https"
            return [Refusal(why=why, next_step="Set it to the https address behind which `newsletter serve` runs.")]
        page = f"{self.base_url}{PATHS[UNSUBSCRIBE_URL]}{probe_token}"
        found = self._asked("the unsubscribe page", partial(self._ask, "GET", page), SEEN)
        found = found or self._asked("leaving with one click", partial(self._ask, "POST", page, _ONE_CLICK), HEARD)
        found = found or (self._other_database(page, mark) if mark else None)
        if found:
            return [found]
        return [*self._pictures(pictures)]

    def _other_database(self, page: str, mark: Callable[[], str]) -> Refusal | None:
        """Whoever leaves there would be mailed from here all the same. Something may be planned while we look: so twice."""
        for _ in range(2):
            before = mark()
            try:
                theirs = self._ask("GET", page).headers.get(DATABASE_HEADER.lower())
            except (NotVisited, Unreachable, TimeoutError):
                theirs = None
            if theirs in {before, mark()}:
                return None
        return Refusal(
            why="the pages work on another database than this one: whoever leaves there would be mailed all the same",
            next_step="Give `newsletter serve` the same database (database.url), and start it again.",
        )

    def _ask(self, method: str, url: str, form: bytes = b"") -> Answer:
        return self.requests.ask(method, _in_ascii(url), time.monotonic() + self.seconds, form)

    def _asked(self, what: str, ask: Callable[[], Answer], expected: str) -> Refusal | None:
        try:
            answer = ask()
        except NotVisited as why:
            return Refusal(
                why=f"newsletter.base_url cannot be used: {why}",
                next_step="Readers' phones have to reach it. Set it to an address on the internet where `newsletter serve` runs.",
            )
        except (Unreachable, TimeoutError) as why:
            return Refusal(why=f"{what} does not answer: {_in_words(why)}", next_step=_SERVE)
        return _judged(what, answer, expected)

    def _pictures(self, pictures: Sequence[ImageFile]) -> Sequence[Refusal]:
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            faults = [fault for fault in pool.map(self._fault_of, pictures) if fault]
        if not faults:
            return ()
        named = "; ".join(faults[:_MOST_NAMED])
        more = f"; and {len(faults) - _MOST_NAMED:,} more" if len(faults) > _MOST_NAMED else ""
        count = "the image does" if len(pictures) == 1 else f"{len(faults):,} of {len(pictures):,} images do"
        return [Refusal(why=f"{count} not come from newsletter.base_url as stored: {named}{more}", next_step=_SERVE)]

    def _fault_of(self, picture: ImageFile) -> str | None:
        """Such as "stairs-1f2e.png (status 404)"."""
        url = pictures_url(self.base_url) + picture.name
        try:
            answer = self._ask("HEAD", url)
            if answer.status in {403, 405, 501}:  # something in front does not know HEAD
                answer = self._ask("GET", url)
        except (NotVisited, Unreachable, TimeoutError) as why:
            return f"{picture.name} ({_in_words(why)})"
        fault = _fault_in(answer, picture)
        return f"{picture.name} ({fault})" if fault else None


def _judged(what: str, answer: Answer, expected: str) -> Refusal | None:
    """None when it is what newsletter/web answers."""
    if 300 <= answer.status < 400:
        there = host_of(answer.location)
        return Refusal(
            why=f"{what} leads elsewhere (status {answer.status}{f', to {there}' if there else ''})",
            next_step="Mail programs do not follow. Set newsletter.base_url to the address where it ends, or take the redirect away.",
        )
    if answer.status != 200:
        step = _NO_FENCE if answer.status in {401, 403, 405, 407, 429} else _SERVE
        return Refusal(why=f"{what} answers with status {answer.status}", next_step=step)
    if answer.headers.get(PROBE_HEADER.lower()) != expected:
        return Refusal(
            why=f"{what} is answered, but not by this newsletter, or with another NEWSLETTER_SECRET", next_step=_SERVE
        )
    return None


def _fault_in(answer: Answer, picture: ImageFile) -> str | None:
    if answer.status != 200:
        return f"status {answer.status}"
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != picture.media_type:
        return f"{kind or 'no type'} instead of {picture.media_type}"
    length = answer.headers.get("content-length", "")
    if length and length != str(len(picture.content)):
        return f"{length} octets instead of {len(picture.content)}"
    return None


def _in_words(why: Exception) -> str:
    return "it takes too long" if isinstance(why, TimeoutError) else str(why)


def _in_ascii(url: str) -> str:
    """As it goes over the wire: the host in A-labels, the path percent-encoded."""
    parts = urlsplit(url)
    host, colon, port = parts.netloc.partition(":") if not parts.netloc.isascii() else (parts.netloc, "", "")
    return urlunsplit((parts.scheme, wire_domain(host) + colon + port, quote(parts.path, safe=_KEPT), "", ""))
