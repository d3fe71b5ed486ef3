"""Rules about what the prose says and what its sources say: years, journals, evidence, quotations."""

from __future__ import annotations

from newsletter.check.evidence import (
    abstract_numbers,
    abstracts,
    appeals,
    journals,
    named,
    numbers,
    placement,
    quotations,
    recent,
    years,
)

#: in the order in which they run
RULES = (
    *years.RULES,
    *recent.RULES,
    *named.RULES,
    *journals.RULES,
    *appeals.RULES,
    *numbers.RULES,
    *quotations.RULES,
    *abstracts.RULES,
    *abstract_numbers.RULES,
    *placement.RULES,
)
