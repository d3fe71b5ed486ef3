"""Rules on words are written for one language: these know English."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from newsletter.check.rulebook import Content


def english(content: Content) -> bool:
    """Whether the issue is written in English."""
    return content.issue.language.replace("_", "-").split("-")[0].casefold() == "en"
