"""`newsletter report`."""

from __future__ import annotations

from newsletter.cli.report.command import report

__all__ = ["report"]
