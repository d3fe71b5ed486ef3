"""newsletter.toml and the environment -> Settings, checked once at start. Use `load(folder)` and `Settings`."""

from __future__ import annotations

from newsletter.settings.load import Workspace, find_workspace, load
from newsletter.settings.schema import Settings

__all__ = ["Settings", "Workspace", "find_workspace", "load"]
