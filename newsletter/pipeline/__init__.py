"""The story, told once: prepare an issue, plan a mailing, send it; a proof beside it.

Nothing here chooses adapters (wiring.py does) or makes words (cli/ and web/ do).
"""

from __future__ import annotations

from newsletter.pipeline.issue import Prepared, overridden, prepare
from newsletter.pipeline.mailing import (
    Plan,
    foresee,
    plan,
    refuse_if_it_differs,
    send,
)
from newsletter.pipeline.proof import reader_for_proof, send_proof, variant_for
from newsletter.pipeline.signing import as_it_goes, ready_version, version_for
from newsletter.pipeline.versions import version_of

__all__ = [
    "Plan",
    "Prepared",
    "as_it_goes",
    "foresee",
    "overridden",
    "plan",
    "prepare",
    "reader_for_proof",
    "ready_version",
    "refuse_if_it_differs",
    "send",
    "send_proof",
    "variant_for",
    "version_for",
    "version_of",
]
