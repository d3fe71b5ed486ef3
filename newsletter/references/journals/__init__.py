"""Names of journals, from the table that comes along and from the one that a workspace imported."""

from __future__ import annotations
