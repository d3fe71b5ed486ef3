"""Files of references -> records, and references -> files: CSL-JSON, BibTeX, RIS, PubMed, EndNote."""

from __future__ import annotations
