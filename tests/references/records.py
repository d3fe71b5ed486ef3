"""What the tests of references share."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from newsletter.model.problem import Place, Problem
from newsletter.model.reference import Reference

#: where the issue names its references
WRITTEN = Place(file="issue.md", line=4, column=1)
DATA = Path(__file__).parent / "data"

Loaded = tuple[Mapping[str, Reference], list[Problem]]
