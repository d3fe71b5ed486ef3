"""The words that mean yes and no in files of readers, case-folded."""

from __future__ import annotations

YES = frozenset({"yes", "y", "true", "1", "ja", "si", "sí"})
NO = frozenset({"no", "n", "false", "0", "nein"})
