"""An issue file -> Issue and Problems: front matter, Markdown, citations, merge tags, blocks (docs/issue-format.md)."""

from __future__ import annotations

from newsletter.read.catalogue import load_disclaimers
from newsletter.read.disclaimers import read_disclaimer
from newsletter.read.fields import FrontMatter, front_matter_schema
from newsletter.read.find import every_issue, find_issue, find_issues, slug_of, touched_issues
from newsletter.read.issue import ReadResult, ReferenceLoader, read_issue

__all__ = [
    "FrontMatter",
    "ReadResult",
    "ReferenceLoader",
    "every_issue",
    "find_issue",
    "find_issues",
    "front_matter_schema",
    "load_disclaimers",
    "read_disclaimer",
    "read_issue",
    "slug_of",
    "touched_issues",
]
