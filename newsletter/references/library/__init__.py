"""What an issue can cite: its own references and the library of the workspace; keys, duplicates, adding."""

from __future__ import annotations
