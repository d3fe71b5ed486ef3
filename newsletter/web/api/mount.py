"""Where the API is found."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from starlette.routing import Mount

from newsletter.web.api.app import create_api
from newsletter.web.api.document import PATH

if TYPE_CHECKING:
    from newsletter.web.site import Site


def mount(site: Site) -> Mount:
    """Also for paths with a line break in them: else the pages would answer those, and not with a problem."""
    api = Mount(PATH, app=create_api(site))
    api.path_regex = re.compile(api.path_regex.pattern, re.DOTALL)
    return api
