"""Rules about mail programs: what those of the readers can show."""

from __future__ import annotations

from newsletter.check.clients import rules

#: in the order in which they run
RULES = (*rules.RULES,)
