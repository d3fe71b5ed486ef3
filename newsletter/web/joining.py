"""/subscribe: somebody asks to join lists, by the form of this page or by one on another website.

The answer is the same whether the address is new, known, suppressed or erased, and nothing is mailed while it waits.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from newsletter.model.identity import identity
from newsletter.model.subscriber import OptIn
from newsletter.pipeline.joining import Joining, join
from newsletter.store.people.offered import offered
from newsletter.subscribers.consent import said_on_page
from newsletter.web import bots
from newsletter.web.addresses import TypedAddress, mailbox_of, shown_address, typed_address
from newsletter.web.embedding import OFFER, consent_sentence
from newsletter.web.limits import Limits
from newsletter.web.names import is_name, typed_name
from newsletter.web.paths import LINKS, SUBSCRIBE, own_path
from newsletter.web.spoken import language_of
from newsletter.web.visit import route

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from markupsafe import Markup
    from starlette.responses import Response
    from starlette.routing import Route

    from newsletter.model.subscriber import MailingList
    from newsletter.web.forms import Form
    from newsletter.web.site import Site
    from newsletter.web.visit import Visit

#: requests for one mailbox within an hour
_MOST_OF_A_MAILBOX = 6


def routes(site: Site) -> list[Route]:
    return [route(site, SUBSCRIBE, show, partial(submit, Limits()), cross_site=True, steady=True)]


@dataclass(frozen=True, kw_only=True)
class Filled:
    """The form as it was filled in. `errors` are field -> key of a sentence."""

    language: str
    address: TypedAddress = field(default_factory=lambda: TypedAddress(text=""))
    first_name: str = ""
    lists: tuple[MailingList, ...] = ()
    errors: Mapping[str, str] = field(default_factory=dict)


def show(site: Site, visit: Visit) -> Response:
    every = offered_lists(site)
    chosen = tuple(entry for entry in every if entry.name == visit.query.get("list"))
    return _form(site, every, Filled(language=language_of(site, visit), lists=chosen))


def offered_lists(site: Site) -> tuple[MailingList, ...]:
    with site.store.read() as connection:
        return offered(connection)


def submit(limits: Limits, site: Site, visit: Visit, form: Form) -> Response:
    """Note what was asked for. A program that fills in forms is told the same, and nothing is noted."""
    language = language_of(site, visit, form)
    if wait := limits.per_hour("subscribe", visit.ip, site.settings.signup.per_hour):
        headers = {"Retry-After": str(wait)}
        return site.pages.message("join_busy_title", ["join_busy_text"], language, status=429, headers=headers)
    every = offered_lists(site)
    filled = _read(site, form, every, language)
    if not every or filled.errors:
        return _form(site, every, filled, status=422, form=form)
    if not bots.is_robot(site, form) and not _is_flood(limits, site, filled.address.text):
        _join(site, visit, filled, _wording(site, filled, alone=len(every) == 1 or form.has(OFFER, "one")))
    return _done(site, filled)


def _is_flood(limits: Limits, site: Site, address: str) -> bool:
    """Whether one mailbox was asked for too often, by whichever of its spellings and from wherever: somebody else fills it."""
    mailbox = site.keys.identity_hash(mailbox_of(identity(address)))
    return bool(limits.per_hour("mailbox", mailbox, _MOST_OF_A_MAILBOX))


def _read(site: Site, form: Form, every: Sequence[MailingList], language: str) -> Filled:
    """A list that is not offered counts as none."""
    names = form.all("list") or [entry.name for entry in every[:1] if len(every) == 1]
    lists = tuple(entry for entry in every if entry.name in names)
    address = typed_address(form.last("email"))
    name = typed_name(form.last("first_name")) if site.settings.signup.ask_name else ""
    found = {
        "list": "" if lists else "join_list_missing",
        "email": address.error,
        "first_name": "" if is_name(name) else "join_name_wrong",
    }
    errors = {key: error for key, error in found.items() if error}
    return Filled(language=language, address=address, first_name=name, lists=lists, errors=errors)


def _join(site: Site, visit: Visit, filled: Filled, wording: str) -> None:
    said = said_on_page(site.settings.consent, site.clock(), wording=wording, ip=visit.ip, user_agent=visit.user_agent)
    wanted = Joining(
        address=filled.address.text,
        lists=tuple(entry.number for entry in filled.lists),
        said=said,
        first_name=filled.first_name,
        language=site.pages.words(filled.language).language,
    )
    with site.store.write() as connection:
        join(connection, site.keys, wanted, welcome=site.settings.signup.welcome, now=said.at)
    site.wake()


def _wording(site: Site, filled: Filled, *, alone: bool) -> str:
    """What they saw: the sentence, and the titles of the boxes that they ticked."""
    if alone and len(filled.lists) == 1:
        return _plain(consent_sentence(site.pages, site.settings, filled.language, filled.lists))
    ticked = [f"\N{BALLOT BOX WITH CHECK} {entry.title}" for entry in filled.lists]
    return " ".join([*ticked, _plain(consent_sentence(site.pages, site.settings, filled.language, ()))])


def _plain(sentence: Markup) -> str:
    return sentence.unescape().replace("\u2068", "").replace("\u2069", "")


def _form(
    site: Site, every: Sequence[MailingList], filled: Filled, status: int = 200, form: Form | None = None
) -> Response:
    """`form` is what was sent in, where it is shown again."""
    if not every:
        return site.pages.message("join_title", ["join_nothing"], filled.language, status=status)
    say = partial(site.pages.sentence, filled.language)
    settings = site.settings
    return site.pages.show(
        "subscribe",
        filled.language,
        status=status,
        lists=every,
        filled=filled,
        errors={key: say(error) for key, error in filled.errors.items()},
        ask_name=settings.signup.ask_name,
        privacy_url=settings.signup.privacy_url or "",
        consent=consent_sentence(site.pages, site.settings, filled.language, every),
        hidden=[("lang", site.pages.words(filled.language).language), (bots.SHOWN, bots.shown(site, form))],
        trap=bots.TRAP,
        links=own_path(settings, LINKS),
        action=own_path(settings, SUBSCRIBE),
    )


def _done(site: Site, filled: Filled) -> Response:
    """Nothing here depends on what was found in the database."""
    say = partial(site.pages.sentence, filled.language)
    signup, address = site.settings.signup, filled.address
    mailed = signup.welcome or any(entry.opt_in is OptIn.DOUBLE for entry in filled.lists)
    lines = [
        say("join_typed", address=shown_address(address.text)),
        say("join_mail_on_its_way" if mailed else "join_done_at_once"),
        say("join_look_in_spam", days=_days(site, filled.language)),
        say("join_no_mail"),
    ]
    if not mailed:  # only who has to confirm after all gets one
        lines = lines[:2]
    links = []
    if address.meant:
        lines.insert(1, say("join_meant", address=shown_address(address.meant)))
        links.append(("join_again_link", own_path(site.settings, SUBSCRIBE)))
    return site.pages.message("join_done_title", lines, filled.language, links=links)


def _days(site: Site, language: str) -> str:
    """How long the link works: "7 days"."""
    from babel.units import format_unit

    locale = site.pages.words(language).locale
    return format_unit(site.settings.signup.confirm_days, "duration-day", locale=locale)
