"""The page after leaving: it can be taken back for an hour, and whoever wants to says why they left."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from markupsafe import Markup

from newsletter.compose.escaping import one_line
from newsletter.errors import SubscriberNotFound
from newsletter.model.consent import Said
from newsletter.model.subscriber import ConsentSource, SubscriptionStatus
from newsletter.store.people import leaving_reasons, taking_back
from newsletter.store.people.taking_back import Ended, Left
from newsletter.subscribers.consent import take_back
from newsletter.web.pages import isolated

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.responses import Response

    from newsletter.model.subscriber import MailingList
    from newsletter.web.forms import Form
    from newsletter.web.site import Reader, Site
    from newsletter.web.visit import Visit

#: fields of the page's two forms
UNDO, REASON, WORDS = "undo", "reason", "words"
#: `undo` as it travels through the other form: there it asks for nothing
_KEPT = "kept"
REASONS = ("too_often", "not_for_me", "never_asked", "hard_to_read", "other")
MOST_WORDS = 500
_PURPOSE = "undo"
_LIFE = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class Gone:
    """`said` tells what was left."""

    left: Left
    said: Markup


def named(site: Site, reader: Reader, lists: Iterable[MailingList]) -> str:
    """Which lists, within a sentence; the newsletter as a whole where they must not be shown."""
    chosen = tuple(lists)
    if reader.lists_are_shown and chosen:
        return site.pages.titles(reader.language, chosen)
    return isolated(site.settings.newsletter.name)


def page(site: Site, token: str, reader: Reader, gone: Gone, action: str = "") -> Response:
    """Who had left before is told so; there is nothing to take back then."""
    if not gone.left.changed:
        return _show(site, reader, "unsubscribe_title", ["already_left"], action=action)
    undo = _sealed(site, token, gone.left) if gone.left.can_be_taken_back else ""
    return _show(site, reader, "leave_done_title", [gone.said, "unsubscribe_delay"], undo=undo, action=action)


def told_why(site: Site, token: str, reader: Reader, form: Form) -> Response:
    """Kept only of who has left; the page is the same."""
    given = form.all(REASON)[-1:]
    words = _words(form.last(WORDS))
    kept = form.last(_KEPT)
    undo = kept if _opened(site, token, kept) else ""
    if given not in {(code,) for code in REASONS} and (given or not words):
        return _show(site, reader, "leave_reason_title", ["leave_reason_missing"], undo=undo, status=422)
    code = given[0] if given else "other"
    reason = leaving_reasons.Reason(mailing=reader.mailing, code=code, words=words, at=site.clock())
    with site.store.write() as connection:
        leaving_reasons.keep(connection, reader.subscriber.number, [entry.number for entry in reader.lists], reason)
    return _show(site, reader, "leave_reason_thanks", [], undo=undo, asks=False)


def _words(text: str) -> str:
    return "\n".join(one_line(line) for line in text.splitlines()).strip()[:MOST_WORDS].strip()


def undone(site: Site, visit: Visit, reader: Reader, sealed: str) -> Response:
    """Put back what was left just now; the same answer the second time."""
    left = _opened(site, visit.key, sealed)
    if left is None:
        return _not_undone(site, reader)
    now = site.clock()
    wording = site.pages.sentence(reader.language, "leave_undo_button").unescape()
    said = Said(source=ConsentSource.PAGE, at=now, recorded_at=now, wording=wording, mailing=reader.mailing)
    try:
        with site.store.write() as connection:
            back = taking_back.take_back(connection, reader.subscriber.number, left, said, take_back)
    except SubscriberNotFound:
        return site.unknown_link(visit, 200)
    if not back.is_undone:
        return _not_undone(site, reader)
    lists = [entry for entry in reader.lists if entry.number in back.lists]
    done = site.pages.sentence(reader.language, "leave_undone", newsletter=named(site, reader, lists))
    return site.pages.message("leave_undone_title", [done], reader.language)


def _not_undone(site: Site, reader: Reader) -> Response:
    return site.pages.message("leave_not_undone_title", ["leave_not_undone"], reader.language)


def _show(
    site: Site,
    reader: Reader,
    title: str,
    lines: Iterable[str | Markup],
    *,
    undo: str = "",
    action: str = "",
    status: int = 200,
    asks: bool = True,
) -> Response:
    say = site.pages.sentence
    return site.pages.show(
        "left",
        reader.language,
        status=status,
        title=title,
        lines=[line if isinstance(line, Markup) else say(reader.language, line) for line in lines],
        undo=undo,
        action=action,
        reasons=[(code, say(reader.language, f"leave_reason_{code}"), "") for code in REASONS] if asks else [],
        most_words=MOST_WORDS,
    )


def _sealed(site: Site, token: str, left: Left) -> str:
    """Numbers only: whoever has the page can read them."""
    ended = [[one.list, one.was, one.event] for one in left.ended]
    until = int((site.clock() + _LIFE).timestamp())
    text = {"of": _of(site, token), "until": until, "ended": ended, "suppression": left.suppression}
    return site.keys.seal(_PURPOSE, json.dumps(text))


def _opened(site: Site, token: str, sealed: str) -> Left | None:
    """None for what is forged, too old, or was sealed for the reader of another mail."""
    text = site.keys.unseal(_PURPOSE, sealed)
    if text is None:
        return None
    found = json.loads(text)
    if found["of"] != _of(site, token) or datetime.fromtimestamp(found["until"], UTC) <= site.clock():
        return None
    ended = tuple(Ended(list=number, was=SubscriptionStatus(was), event=event) for number, was, event in found["ended"])
    return Left(ended=ended, suppression=found["suppression"], changed=True)


def _of(site: Site, token: str) -> list[int]:
    """Whose link: the same whichever of our keys it was made with."""
    meant = site.keys.read_token(token)
    return [meant.mailing, meant.n] if meant else []
