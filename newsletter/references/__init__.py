"""References: files and front matter -> references and what is wrong with them -> the lines of the reference list."""

from __future__ import annotations

from newsletter.references.library.loading import cited_twice, load
from newsletter.references.styles.entries import check_style, format_entries
from newsletter.references.styles.known import known_styles

#: the style of an issue that names none, and in the place of one that cannot be used
DEFAULT_STYLE = "american-medical-association"

__all__ = ["DEFAULT_STYLE", "check_style", "cited_twice", "format_entries", "known_styles", "load"]
