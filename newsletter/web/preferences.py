"""/p/{token}: what one receives, how one is called, and one's data.

The page shows nothing that is stored, since a mail may have been passed on: no name, no address, not which lists are
joined. So each question has "leave it as it is", and the answer does not tell whether anything changed. A copy of one's
data and erasing are ordered here and confirmed by a mail to the address.
"""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import TYPE_CHECKING

from newsletter.compose.escaping import one_line
from newsletter.deliver.notices import life_of
from newsletter.errors import SubscriberNotFound
from newsletter.model.identity import identity
from newsletter.model.notice_mail import NoticeKind
from newsletter.store import notices
from newsletter.store.people import consent, subscribers
from newsletter.store.people.offered import offered
from newsletter.subscribers.consent import said_on_page
from newsletter.web import wishes as asking
from newsletter.web.leaving import leave_everything
from newsletter.web.pages import isolated
from newsletter.web.visit import route
from newsletter.web.wishes import NO, YES, Offer, list_field

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from markupsafe import Markup
    from starlette.responses import Response
    from starlette.routing import Route

    from newsletter.model.consent import Said
    from newsletter.model.subscriber import MailingList
    from newsletter.web.forms import Form
    from newsletter.web.site import Reader, Site
    from newsletter.web.visit import Visit
    from newsletter.web.wishes import Wishes

#: what a button orders by mail
_ORDERS = {"data": NoticeKind.DATA, "erasure": NoticeKind.ERASURE}
#: mails outside mailings whose link leads here for as long as it is theirs
_LINKED_FROM = (NoticeKind.WELCOME, NoticeKind.KNOWN, NoticeKind.LINKS)


def routes(site: Site) -> list[Route]:
    return [route(site, "/p/{key}", show, submit)]


def show(site: Site, visit: Visit) -> Response:
    reader = _reader(site, visit.key)
    return _form(site, reader, asking.Wishes()) if reader else site.unknown_link(visit)


def submit(site: Site, visit: Visit, form: Form) -> Response:
    """Nothing at all changes if one of the values is wrong."""
    reader = _reader(site, visit.key)
    if reader is None:
        return site.unknown_link(visit)
    if form.has("everything", "1"):
        return leave_everything(site, visit.key, reader, action=f"../u/{visit.key}")
    if ordered := form.all("order"):
        return _order(site, reader, ordered[-1])
    wishes = asking.read(form, _offer(site, reader))
    if wishes.errors:
        return _form(site, reader, wishes, status=422)
    if wishes.is_empty:
        return _form(site, reader, asking.Wishes(errors={"save": "prefer_nothing"}), status=422)
    try:
        with site.store.write() as connection:
            said = _said(site, visit, reader, wishes)
            asking.carry_out(connection, site.keys, reader, wishes, said, welcome=site.settings.signup.welcome)
    except SubscriberNotFound:
        return site.unknown_link(visit)
    if wishes.join:
        site.wake()
    return _done(site, reader, wishes)


def _reader(site: Site, token: str) -> Reader | None:
    reader = site.reader(token)
    if reader is None or reader.notice is None:
        return reader
    kind, asked_at = reader.notice.kind, reader.notice.created_at
    works = kind in _LINKED_FROM and (
        kind is not NoticeKind.LINKS or site.clock() < asked_at + life_of(kind, site.settings.signup.confirm_days)
    )
    return reader if works else None


def _offer(site: Site, reader: Reader) -> Offer:
    """The lists that anybody may join, and those that the mail itself was about."""
    with site.store.read() as connection:
        lists = {entry.number: entry for entry in offered(connection)}
    if reader.lists_are_shown:
        lists |= {entry.number: entry for entry in reader.lists}
    tracking = site.settings.tracking
    return Offer(
        lists=tuple(sorted(lists.values(), key=lambda entry: entry.title.casefold())),
        languages=tuple(tag for tag, _ in site.pages.languages()),
        tracking=tracking.opens or tracking.clicks,
    )


def _order(site: Site, reader: Reader, what: str) -> Response:
    """To the address that is stored. Whether it was too often, or is held back, is not told."""
    kind = _ORDERS.get(what)
    if kind is None:
        return _form(site, reader, asking.Wishes(errors={"save": "prefer_wrong"}), status=422)
    with site.store.write() as connection:
        # whoever erases them waits for us; of two orders at once the second counts the mail of the first
        consent.hold(connection, reader.subscriber.number)
        person = subscribers.by_number(connection, reader.subscriber.number)
        if person.address is not None:
            notices.order(
                connection,
                kind=kind,
                identity_hash=site.keys.identity_hash(identity(person.address)),
                address=person.address,
                cause=f"{kind} {uuid.uuid4().hex}",
                now=site.clock(),
                language=reader.language,
            )
    site.wake()
    return site.pages.message("prefer_ordered_title", ["prefer_ordered", "prefer_ordered_spam"], reader.language)


def _said(site: Site, visit: Visit, reader: Reader, wishes: Wishes) -> Mapping[str, Said]:
    """With the words that stood beside what was chosen."""
    lists = "\n".join(f"{entry.title}: {_plain(site, reader, 'prefer_yes')}" for entry in wishes.join)
    answer = "prefer_allow" if wishes.tracking else "prefer_refuse"
    tracking = f"{_plain(site, reader, 'prefer_tracking')} {_plain(site, reader, answer)}"
    return {
        what: said_on_page(
            site.settings.consent, site.clock(), wording=wording, ip=visit.ip, user_agent=visit.user_agent
        )
        for what, wording in (("join", lists), ("tracking", tracking))
    }


def _plain(site: Site, reader: Reader, key: str) -> str:
    return site.pages.sentence(reader.language, key).unescape()


def _form(site: Site, reader: Reader, wishes: Wishes, status: int = 200) -> Response:
    """With what was typed, where it has to be mended."""
    offer = _offer(site, reader)
    say = site.pages.sentence
    return site.pages.show(
        "preferences",
        reader.language,
        status=status,
        lists=[_list_choice(site, reader, entry, wishes) for entry in offer.lists],
        spoken=site.pages.languages(),
        tracking=offer.tracking,
        wishes=replace(wishes, first_name=one_line(wishes.first_name), last_name=one_line(wishes.last_name)),
        errors={name: say(reader.language, key) for name, key in wishes.errors.items()},
    )


def _list_choice(site: Site, reader: Reader, entry: MailingList, wishes: Wishes) -> tuple[object, ...]:
    """(field, title, options, chosen)"""
    words = {"": "prefer_as_is", YES: "prefer_yes", NO: "prefer_no"}
    if YES not in asking.allowed(entry):
        del words[YES]
    options = [(value, site.pages.sentence(reader.language, key), "") for value, key in words.items()]
    chosen = YES if entry in wishes.join else NO if entry in wishes.leave else ""
    return list_field(entry), isolated(entry.title), options, [chosen]


def _done(site: Site, reader: Reader, wishes: Wishes) -> Response:
    return site.pages.show(
        "preferences_done",
        reader.language,
        asked=list(_asked(site, reader, wishes)),
        mailed=bool(wishes.join),
        left=bool(wishes.leave),
    )


def _asked(site: Site, reader: Reader, wishes: Wishes) -> Iterator[Markup]:
    """What was asked for, whether or not it changed anything."""

    def say(key: str, **names: object) -> Markup:
        return site.pages.sentence(reader.language, key, **names)

    yield from (say("prefer_asked_yes", list=isolated(entry.title)) for entry in wishes.join)
    yield from (say("prefer_asked_no", list=isolated(entry.title)) for entry in wishes.leave)
    if wishes.no_name:
        yield say("prefer_asked_no_name")
    if wishes.name:
        yield say("prefer_asked_name", name=isolated(wishes.name))
    if wishes.language:
        yield say("prefer_asked_language", name=isolated(dict(site.pages.languages())[wishes.language]))
    if wishes.tracking is not None:
        yield say("prefer_asked_allow" if wishes.tracking else "prefer_asked_refuse")
