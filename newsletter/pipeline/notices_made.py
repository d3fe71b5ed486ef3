"""What a notice looks like: its words in its person's language, poured into the newsletter's layout."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from datetime import timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from newsletter.compose.links import pictures_url
from newsletter.deliver.notices import life_of
from newsletter.errors import FileUnreadable
from newsletter.model.letter import Letter
from newsletter.model.notice_mail import NoticeKind
from newsletter.model.problem import Place, error, has_errors
from newsletter.model.rendered import PREFERENCES_URL, UNSUBSCRIBE_URL, slots_of
from newsletter.pipeline.addressing import domain_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy.engine import Connection

    from newsletter.model.issue import Issue
    from newsletter.model.notice_mail import NoticeMail
    from newsletter.model.problem import Problem
    from newsletter.model.rendered import ImageFile, Rendered
    from newsletter.settings import Workspace

#: kind -> the link without which it is of no use; empty where its end has what is needed
_LINK: Mapping[NoticeKind, str] = {
    NoticeKind.CONFIRMATION: "confirm_url",
    NoticeKind.WELCOME: "",
    NoticeKind.KNOWN: "",
    NoticeKind.LINKS: PREFERENCES_URL,
    NoticeKind.DATA: "data_url",
    NoticeKind.ERASURE: "erase_url",
    NoticeKind.ALERT: "",
}
#: those that go to somebody who may be on a list, and have the links for leaving
_TO_READERS = frozenset({NoticeKind.WELCOME, NoticeKind.KNOWN, NoticeKind.LINKS})
_OWN_LINKS = frozenset({PREFERENCES_URL, UNSUBSCRIBE_URL})
KINDS = tuple(_LINK)
#: what a notice that is no alert is about, as far as its words are concerned
NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, kw_only=True)
class MadeNotice:
    """`rendered` is None where its file has errors."""

    rendered: Rendered | None
    images: Sequence[ImageFile] = ()
    problems: Sequence[Problem] = ()
    slug: str = ""
    digest: str = ""


@dataclass(frozen=True)
class NoticeMaker:
    """Makes each only once: those of one kind, language and choice of lists differ in their links alone."""

    workspace: Workspace
    _made: dict[tuple[NoticeKind, Path, str, tuple[str, ...], str], MadeNotice] = field(default_factory=dict)

    def made(
        self, kind: NoticeKind, language: str, lists: Sequence[str], about: Mapping[str, Any] = NOTHING
    ) -> MadeNotice:
        """`lists` are the titles of those that it is about; of `about` alerts alone say something."""
        from newsletter.read.notices import find_notice

        own = self.workspace.settings.newsletter.language
        path, tag = find_notice(kind, filter(None, (language, own)), (self.workspace.templates,))
        told = about if kind is NoticeKind.ALERT else NOTHING
        key = (kind, path, tag, tuple(lists), json.dumps(dict(told), sort_keys=True, default=str))
        if key not in self._made:
            self._made[key] = self._make(kind, path, tag, lists, told)
        return self._made[key]

    def _make(
        self, kind: NoticeKind, path: Path, language: str, lists: Sequence[str], told: Mapping[str, Any]
    ) -> MadeNotice:
        from newsletter import render
        from newsletter.read.notices import read_notice

        place = self.workspace
        leave = kind in _TO_READERS
        own = frozenset({_LINK[kind]} - {""})
        try:
            text = read_notice(
                path,
                language,
                place.settings,
                constants=self._constants(kind, language, lists, path, told),
                links=own | _OWN_LINKS if leave else own,
                leave=leave,
            )
        except FileUnreadable as why:
            what = f"this file cannot be read: {why.why}"
            return MadeNotice(rendered=None, problems=[error("notice-name", _at(path), what, "See who may read it.")])
        if text.issue is None:
            return MadeNotice(rendered=None, problems=text.problems)
        made = render.render(
            text.issue,
            entries=(),
            disclaimers=(),
            settings=place.settings,
            source=text.source,
            template_folders=(place.templates,),
            folder=place.folder,
            layout="notice",
        )
        problems = [*text.problems, *made.problems, *_without_link(kind, text.issue, made.rendered)]
        return MadeNotice(
            rendered=None if has_errors(problems) else made.rendered,
            images=made.images,
            problems=problems,
            slug=text.issue.slug,
            digest=hashlib.sha256(text.source.encode()).hexdigest(),
        )

    def _constants(
        self, kind: NoticeKind, language: str, lists: Sequence[str], path: Path, told: Mapping[str, Any]
    ) -> Mapping[str, str]:
        from babel.units import format_unit

        from newsletter.pipeline.running.alert_words import alert_words
        from newsletter.render.translations import translations

        settings = self.workspace.settings
        words, _ = translations(language, Place(file=str(path)), (self.workspace.templates,))
        life = life_of(kind, settings.signup.confirm_days)
        hours = life < timedelta(days=2)
        count = life // timedelta(hours=1) if hours else life.days
        how_long = format_unit(count, "duration-hour" if hours else "duration-day", length="long", locale=words.locale)
        alert = alert_words(words, told) if kind is NoticeKind.ALERT else {}
        return {"lists": words.listed(lists) or settings.newsletter.name, "how_long": how_long, **alert}


def _without_link(kind: NoticeKind, issue: Issue, rendered: Rendered) -> Iterable[Problem]:
    """Its reader could do nothing with it."""
    link = _LINK[kind]
    for parts in (rendered.html, rendered.text):
        if link and link not in {slot.name for slot in slots_of(parts)}:
            what = f"this notice has no link to `{link}`, so its reader could do nothing"
            fix = f'Add a button: `::: button href="{{{{ {link} }}}}"`, a line with its words, and a line `:::`.'
            yield error("notice-without-link", _at(issue.path), what, fix)
            return


def _at(path: Path) -> Place:
    return Place(file=str(path), line=1, column=1)


def notice_letter(
    workspace: Workspace, rendered: Rendered, pictures: Sequence[ImageFile], date: datetime, *, asked_for: bool
) -> Letter:
    """A mail to one person outside mailings: on no list, so that nobody can leave one by it."""
    return Letter(
        rendered=rendered,
        mailing="notices",
        list_id="",
        date=date,
        domain=domain_of(rendered),
        pictures=tuple(pictures),
        pictures_url=pictures_url(workspace.settings.newsletter.base_url),
        asked_for=asked_for,
    )


def titles_of(connection: Connection, notice: NoticeMail) -> tuple[str, ...]:
    """The titles of the lists that it is about, as they are called now."""
    from sqlalchemy import select

    from newsletter.store import tables as t

    numbers = [number for number in notice.about.get("lists", ()) if isinstance(number, int)]
    rows = connection.scalars(select(t.lists.c.title).where(t.lists.c.number.in_(numbers)).order_by(t.lists.c.title))
    return tuple(rows)


def mistakes(workspace: Workspace) -> list[Problem]:
    """What is wrong with the workspace's own texts of notices, and with what it makes of ours."""
    maker = NoticeMaker(workspace)
    own = workspace.templates / "notices"
    languages = {workspace.settings.newsletter.language}
    found: dict[Problem, None] = {}
    for file in sorted(own.glob("*.md")) if own.is_dir() else ():
        kind, _, language = file.stem.partition(".")
        if kind not in set(KINDS) or not language:
            what = f"no notice is called `{file.name}`"
            fix = f"Call it <kind>.<language>.md, such as confirmation.en.md; the kinds are {', '.join(KINDS)}."
            found[error("notice-name", _at(file), what, fix)] = None
        else:
            languages.add(language)
    for language in sorted(languages):
        for kind in KINDS:
            found |= dict.fromkeys(maker.made(kind, language, ()).problems)
    return list(found)
