"""All operations."""

from __future__ import annotations

from newsletter.web.api import audiences, joining, leaving, lists, mailings, people

ROUTERS = (joining.router, people.router, leaving.router, lists.router, audiences.router, mailings.router)
