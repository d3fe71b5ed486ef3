"""The logo of [theme]: a file of the workspace, published like an image of the issue, or an https address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsletter.model.problem import Place, warning
from newsletter.render.images import SHARP, Images
from newsletter.settings.toml_places import toml_places

if TYPE_CHECKING:
    from pathlib import Path

    from newsletter.settings import Settings

_SETTINGS_FILE = "newsletter.toml"
#: a wider one leaves no room beside it on a phone
_WIDE = 160


@dataclass(frozen=True, kw_only=True)
class Logo:
    """As the mail shows it; `height` is None for an image elsewhere, whose shape we do not know."""

    url: str
    alt: str
    width: int
    height: int | None
    #: whether the newsletter's name is written below, since the logo says something else
    named: bool

    @property
    def wide(self) -> bool:
        return self.width > _WIDE


def find_logo(settings: Settings, folder: Path, images: Images) -> Logo | None:
    """The logo, its file and the problems with it added to `images`; `folder` is where newsletter.toml lies."""
    theme, name = settings.theme, settings.newsletter.name
    if theme.logo is None:
        return None
    own = Images(folder, settings.newsletter.base_url, owner="newsletter")
    at = _place(folder)
    picture = own.picture((theme.logo,), at, theme.logo_width)
    images.adopt(own)
    if picture is None:
        return None
    width, height = picture.fitted(theme.logo_width) or (theme.logo_width, None)
    if width < theme.logo_width and "logo_width" in theme.model_fields_set:
        what = f"the logo is {width} pixels wide, less than `logo_width` asks for; it is shown smaller"
        images.problems.append(warning("image-small", at, what, f"Use one of {SHARP * theme.logo_width} pixels."))
    alt = theme.logo_alt or name
    return Logo(url=picture.url, alt=alt, width=width, height=height, named=alt.casefold() != name.casefold())


def _place(folder: Path) -> Place:
    """The key's own line; the file as a whole where the environment has set it."""
    file = folder / _SETTINGS_FILE
    try:
        found = toml_places(file.read_text(encoding="utf-8-sig")).get(("theme", "logo"))
    except (OSError, UnicodeDecodeError):
        return Place(file=_SETTINGS_FILE)
    return Place(file=str(file), line=found[0], column=found[1]) if found else Place(file=str(file))
