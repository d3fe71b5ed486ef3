"""What every part of one rendering shares: the issue, its numbers, marks, images, words and templates."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jinja2 import Environment

    from newsletter.compose.slots import SlotMarks
    from newsletter.model.issue import Issue
    from newsletter.render.images import Images
    from newsletter.render.logo import Logo
    from newsletter.render.numbers import Numbers
    from newsletter.render.origins import OriginMarks
    from newsletter.render.translations import Translations
    from newsletter.settings import Settings

#: what the sheet's padding takes of the mail's width, left and right together
PADDING = 64
#: width of the sheet's text column in pixels, by default
COLUMN = 600 - PADDING
#: width of the text part in characters
LINE = 72


@dataclass(frozen=True, kw_only=True)
class Scope:
    """`anchored` remembers which references have been cited already: the way back leads to the first citation."""

    issue: Issue
    settings: Settings
    marks: SlotMarks
    numbers: Numbers
    images: Images
    origins: OriginMarks
    translations: Translations
    templates: Environment
    logo: Logo | None = None
    anchored: set[int] = field(default_factory=set)

    @property
    def column(self) -> int:
        """Width of the sheet's text column in pixels."""
        return self.settings.theme.width - PADDING

    def html(self, name: str, values: Mapping[str, Any]) -> Markup:
        """A template of templates/email poured, without the space around it."""
        poured = self.templates.get_template(f"email/{name}.html.j2").render(values, say=self.translations.say)
        return Markup(poured.strip())  # noqa: S704 - the template escaped it

    def text(self, name: str, values: Mapping[str, Any]) -> str:
        """The same for the text part."""
        poured = self.templates.get_template(f"email/{name}.txt.j2").render(values, say=self.translations.say)
        return poured.strip("\n")


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What a block stands in: `tone` is text or small, `column` its pixels, `shift` is added to levels of headings.

    `gap` is the space that a column of several has behind it, in pixels. `stacked` is how wide a picture in it can get
    on a phone, where columns stand below each other; 0 where nothing does.
    """

    tone: str = "text"
    column: int = COLUMN
    shift: int = 0
    gap: int = 0
    stacked: int = 0

    def narrowed(self, pixels: int) -> Surroundings:
        return replace(self, column=max(80, self.column - pixels), stacked=max(0, self.stacked - pixels))
