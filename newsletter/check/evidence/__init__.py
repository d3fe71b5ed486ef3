"""Rules about what the prose says and what its sources say: years, journals, evidence, quotations."""

from __future__ import annotations
