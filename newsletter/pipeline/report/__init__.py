"""A page for the medical reviewer: every claim of an issue with its sources, and what checks and people say about it."""

from __future__ import annotations
