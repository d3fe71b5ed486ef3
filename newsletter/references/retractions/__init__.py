"""What became of papers, by the table of Retraction Watch."""

from __future__ import annotations
