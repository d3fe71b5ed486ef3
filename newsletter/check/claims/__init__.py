"""The claims pre-screen: sentences that promise more than can be shown, and who accepted the rest. It is no legal advice."""

from __future__ import annotations

from newsletter.check.claims.rules import RULES

__all__ = ["RULES"]
