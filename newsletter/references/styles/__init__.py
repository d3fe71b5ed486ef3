"""References -> the lines of the list, as a CSL style has them. citeproc-py does the work; what it gets wrong is cured here."""

from __future__ import annotations
