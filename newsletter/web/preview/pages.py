"""The tool's own pages: templates/web/preview, never a workspace's, since a broken template must not break the preview.

Their names end in .html, not .html.j2: `newsletter templates` neither lists nor copies them.
"""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from markupsafe import Markup, escape
from starlette.responses import HTMLResponse, JSONResponse, Response

from newsletter.model.problem import Level
from newsletter.render.environment import environment
from newsletter.web.headers import POLICY
from newsletter.web.preview.emulation import VIEWS
from newsletter.web.preview.guarding import PAGE_POLICY, SANDBOX
from newsletter.web.preview.typed import fields_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from newsletter.settings import Workspace
    from newsletter.web.preview.board import Shown
    from newsletter.web.preview.overview import Row
    from newsletter.web.preview.readers import Found
    from newsletter.web.preview.showing import Showing, Wish

_FOLDER = "web/preview"
_KINDS = {"preview.css": "text/css", "preview.js": "text/javascript"}
#: views of which only one can be, and those that can be added to each
COLOURS = ("as-sent", "light", "dark", "gmail-dark")
#: parts of an issue's page that are swapped when something changed
_PARTS = ("status", "facts", "variants", "reader", "inbox", "problems")
NO_PROBLEMS = "No problems"


class Pages:
    def __init__(self) -> None:
        self._environment = environment(())
        self._environment.filters["coded"] = _coded

    def index(self, newsletter: str, rows: Sequence[Row]) -> Response:
        return self._page("index", newsletter=newsletter, rows=rows, title=newsletter)

    def index_part(self, rows: Sequence[Row]) -> Response:
        return JSONResponse({"rows": self._render("rows", rows=rows)})

    def issue(self, one: Showing, workspace: Workspace | None, newsletter: str) -> Response:
        fields = fields_of(workspace.settings) if workspace else ()
        values = _values(one) | {"newsletter": newsletter, "fields": fields, "sandbox": SANDBOX}
        return self._page("issue", **values)

    def issue_parts(self, one: Showing) -> Response:
        """Everything of the page that can change, for the script."""
        values = _values(one)
        return JSONResponse(
            {
                "number": one.shown.number,
                "title": values["title"],
                "heading": one.title,
                "counts": values["counts"] or NO_PROBLEMS,
                "broken": one.shown.trouble is not None,
                "elsewhere": one.mail is not None and one.mail.elsewhere,
                "parts": {name: self._render(name, **values) for name in _PARTS},
                "html": one.mail.html if one.mail else "",
                "text": one.mail.text if one.mail else "",
                "source": one.mail.source if one.mail else "",
            }
        )

    def found(self, found: Found) -> Response:
        return JSONResponse({"found": self._render("found", found=found)})

    def words(self, heading: str, line: str, status: int) -> Response:
        return self._page("words", status=status, title=heading, line=line)

    def asset(self, name: str) -> Response | None:
        if name not in _KINDS:
            return None
        content = files("newsletter.templates").joinpath(_FOLDER, name).read_bytes()
        return Response(content, media_type=_KINDS[name])

    def _page(self, name: str, *, status: int = 200, **values: Any) -> Response:  # noqa: ANN401 - a template takes anything
        return HTMLResponse(self._render(name, **values), status, {POLICY: PAGE_POLICY})

    def _render(self, name: str, **values: Any) -> str:  # noqa: ANN401 - as above
        return self._environment.get_template(f"{_FOLDER}/{name}.html").render(values)


def _values(one: Showing) -> dict[str, Any]:
    return {
        "one": one,
        "title": f"{_counted(one.shown)}{one.title}",
        "counts": counts(one.shown),
        "query": _query(one.wish),
        "colours": [view for view in VIEWS if view.name in COLOURS],
        "extras": [view for view in VIEWS if view.name not in COLOURS],
        "shown_at": _time(one.shown.edition.at) if one.shown.edition else "",
        "broken_at": _time(one.shown.trouble.at) if one.shown.trouble else "",
    }


def _coded(text: str) -> Markup:
    """What stands between backticks in the words of a problem, as code."""
    pieces = text.split("`")
    if len(pieces) % 2 == 0:
        return escape(text)
    return Markup("").join(Markup("<code>{}</code>").format(one) if n % 2 else one for n, one in enumerate(pieces))


def _query(wish: Wish) -> str:
    """What a frame asks for, as the page was asked."""
    asked = {
        "variant": wish.variant,
        "reader": wish.reader,
        "views": ",".join(wish.views),
        "web": "1" if wish.web else "",
    }
    given = {name: value for name, value in asked.items() if value or (name == "variant" and value is not None)}
    return f"?{urlencode(given)}" if given else ""


def counts(shown: Shown) -> str:
    """Such as "1 error, 2 warnings, 1 hint"."""
    words = {Level.ERROR: "error", Level.WARNING: "warning", Level.INFORMATION: "hint"}
    found = [(shown.count(level), word) for level, word in words.items()]
    return ", ".join(f"{count} {word}{'' if count == 1 else 's'}" for count, word in found if count)


def _counted(shown: Shown) -> str:
    told = counts(shown)
    return f"({told}) " if told else ""


def _time(at: datetime) -> str:
    """By the clock on the wall."""
    return at.astimezone().strftime("%H:%M:%S")
