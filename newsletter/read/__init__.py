"""An issue file -> Issue and Problems: front matter, Markdown, citations, merge tags, blocks (docs/issue-format.md)."""

from __future__ import annotations

from newsletter.read.catalogue import load_disclaimers
from newsletter.read.disclaimers import read_disclaimer
from newsletter.read.fields import FrontMatter, front_matter_schema
from newsletter.read.find import find_issue, slug_of
from newsletter.read.issue import ReadResult, ReferenceLoader, read_issue

__all__ = [
    "FrontMatter",
    "ReadResult",
    "ReferenceLoader",
    "find_issue",
    "front_matter_schema",
    "load_disclaimers",
    "read_disclaimer",
    "read_issue",
    "slug_of",
]
