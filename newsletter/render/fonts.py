"""The named fonts of [theme] -> CSS stacks. Only fonts that readers have: web fonts are loaded by few mail programs.

A font of Windows stands first in each: Outlook takes Times New Roman where it does not know the first one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.settings.theme import Font

if TYPE_CHECKING:
    from collections.abc import Mapping

MONO = "Consolas, Menlo, 'Courier New', monospace"
STACKS: Mapping[Font, str] = {
    Font.SANS: "'Segoe UI', -apple-system, Roboto, Helvetica, Arial, sans-serif",
    Font.SERIF: "Georgia, 'Times New Roman', serif",
    Font.HUMANIST: "'Trebuchet MS', 'Gill Sans', Ubuntu, 'Fira Sans', Verdana, sans-serif",
    Font.MONO: MONO,
}
