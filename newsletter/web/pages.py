"""Our pages: templates/web poured into the reader's language and the newsletter's colours."""

from __future__ import annotations

import functools
import re
from collections import Counter
from typing import TYPE_CHECKING
from urllib.parse import quote

from jinja2 import TemplateError
from markupsafe import Markup, escape
from starlette.responses import HTMLResponse

from newsletter.compose.escaping import one_line
from newsletter.errors import FileUnreadable
from newsletter.model.problem import Place
from newsletter.render.environment import environment
from newsletter.render.theme import dark_colours, palette
from newsletter.render.translations import languages, primary, translations
from newsletter.web.headers import POLICY, page_policy
from newsletter.web.languages import own_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from newsletter.model.subscriber import MailingList
    from newsletter.render.translations import Translations
    from newsletter.settings import Settings

#: a BCP 47 tag; a reader's language is data and becomes the name of a file
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,3}")


class Pages:
    """Makes every page.

    Raises:
        FileUnreadable: a template of the workspace has a mistake.
    """

    def __init__(self, settings: Settings, folders: Sequence[Path]) -> None:
        self._settings = settings
        self._folders = tuple(folders)
        self._environment = environment(folders)
        self._words = functools.lru_cache(maxsize=64)(self._find_words)
        self.languages = functools.cache(self._find_languages)
        try:
            self._style = self._css()
            for name in self._environment.list_templates(filter_func=_is_page):
                self._environment.get_template(name)
            self.failed(500)
        except TemplateError as why:
            raise FileUnreadable(f"templates/{getattr(why, 'name', None) or 'web'}", str(why)) from None

    def words(self, language: str) -> Translations:
        """The words in this language, in the newsletter's own if we do not speak it."""
        return self._words(language)

    def show(
        self,
        template: str,
        language: str = "",
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        **values: object,
    ) -> HTMLResponse:
        """templates/web/<template>.html.j2 as a response."""
        words = self.words(language)
        spoken = {
            "say": functools.partial(self.sentence, language),
            "language": words.language,
            "right_to_left": words.right_to_left,
            "languages": self.languages,
        }
        html = self._environment.get_template(f"web/{template}.html.j2").render({**self._shared(), **values, **spoken})
        return HTMLResponse(html, status, {POLICY: page_policy(self._style), **(headers or {})})

    def unknown_link(self, status: int = 404, language: str = "") -> HTMLResponse:
        return self.message("link_unknown_title", ["link_unknown_text"], language, status=status)

    def failed(self, status: int, headers: Mapping[str, str] | None = None) -> HTMLResponse:
        return self.message("page_error_title", ["page_error_text"], status=status, headers=headers)

    def message(
        self,
        title: str,
        lines: Iterable[str | Markup],
        language: str = "",
        *,
        links: Sequence[tuple[str, str]] = (),
        status: int = 200,
        headers: Mapping[str, str] | None = None,
    ) -> HTMLResponse:
        """A heading and sentences, each named by its key or filled in already; and ways on, as (key, path)."""
        said = [line if isinstance(line, Markup) else self.sentence(language, line) for line in lines]
        return self.show("message", language, status=status, headers=headers, title=title, lines=said, links=links)

    def sentence(self, language: str, key: str, **names: object) -> Markup:
        """The words of a key with its {names} filled in and escaped."""
        return escape(self.words(language).words[key]).format(**names)

    def titles(self, language: str, lists: Sequence[MailingList]) -> str:
        """`A, B and C`, each title kept from turning the text around it."""
        return self.words(language).listed([isolated(entry.title) for entry in lists])

    def _shared(self) -> dict[str, object]:
        newsletter, sender = self._settings.newsletter, self._settings.sender
        address = sender.reply_to or sender.address
        return {
            "newsletter": newsletter.name,
            "sender": sender.organisation or sender.name,
            "postal_address": sender.postal_address,
            "phones": [(phone, re.sub(r"[^+\d]", "", phone)) for phone in sender.phone],
            "contact": address,
            "contact_link": f"mailto:{quote(address, safe='@')}",
            "style": Markup(self._style),  # noqa: S704 - our own template, filled with six-digit colours
        }

    def _css(self) -> str:
        theme = self._settings.theme
        template = self._environment.get_template("web/web.css.j2")
        return template.render(light=palette(theme), dark=palette(dark_colours(theme)))

    def _find_words(self, language: str) -> Translations:
        own = self._settings.newsletter.language
        if language == own or not _LANGUAGE.fullmatch(language):
            return self._load(own)[0]
        words, known = self._load(language)
        return words if known else self._load(own)[0]

    def _find_languages(self) -> tuple[tuple[str, str], ...]:
        """(tag, its own name) by name: of our languages and the workspace's; the newsletter's tag may say a region."""
        own = self._settings.newsletter.language
        tags = {tag for tag in languages(self._folders) if self.words(tag).language == tag}
        if self._load(own)[1]:
            tags = tags - {primary(own)} | {own}
        forms = Counter(primary(tag) for tag in tags)
        named = ((tag, own_name(tag, alone=forms[primary(tag)] == 1)) for tag in tags)
        return tuple(sorted(named, key=lambda one: one[1].casefold()))

    def _load(self, language: str) -> tuple[Translations, bool]:
        words, problems = translations(language, Place(file="newsletter.toml"), self._folders)
        return words, all(problem.code != "language-untranslated" for problem in problems)


def isolated(text: str) -> str:
    """Text of unknown direction between FIRST STRONG ISOLATE and its end (Unicode UAX 9)."""
    return f"\u2068{one_line(text)}\u2069"


def _is_page(name: str) -> bool:
    return name.startswith("web/") and name.endswith(".html.j2")
