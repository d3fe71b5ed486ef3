"""Rules about what the prose says and what its sources say: years, journals, evidence, quotations."""

from __future__ import annotations

from newsletter.check.evidence import abstract_numbers, abstracts, appeals, numbers, placement, quotations

#: in the order in which they run
RULES = (
    *appeals.RULES,
    *numbers.RULES,
    *quotations.RULES,
    *abstracts.RULES,
    *abstract_numbers.RULES,
    *placement.RULES,
)
