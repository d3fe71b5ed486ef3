"""What tells a program that fills in forms from a person, without asking the person anything.

A field that nobody sees, and the moment when the form was shown. A form on another website has no such moment.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from newsletter.web.forms import Form
    from newsletter.web.site import Site

#: the field that stays empty, and the one that says when the form was shown
TRAP, SHOWN = "website", "shown"
#: nobody reads, types and presses within
_FASTEST = timedelta(seconds=2)
_PURPOSE = "form shown"


def shown(site: Site, form: Form | None = None) -> str:
    """The value of the field SHOWN: of now, or of the form that is shown again. To mend a slip takes no two seconds."""
    before = form.last(SHOWN) if form else ""
    return before if site.keys.unseal(_PURPOSE, before) else site.keys.seal(_PURPOSE, site.clock().isoformat())


def is_robot(site: Site, form: Form) -> bool:
    """Whether a person can hardly have sent this."""
    if any(value.strip() for value in form.all(TRAP)):
        return True
    moments = [site.keys.unseal(_PURPOSE, value) for value in form.all(SHOWN)]
    return any(moment and site.clock() - datetime.fromisoformat(moment) < _FASTEST for moment in moments)
