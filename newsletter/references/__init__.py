"""References: files and front matter -> references and what is wrong with them -> the lines of the reference list."""

from __future__ import annotations

from newsletter.references.entries import check_style, format_entries
from newsletter.references.library import load
from newsletter.references.styles import known_styles

__all__ = ["check_style", "format_entries", "known_styles", "load"]
