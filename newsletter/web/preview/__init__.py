"""`newsletter preview`: a workspace's issues in the browser while they are written, on this machine only.

    a file is saved -> watching -> Board (what is stale) -> worker thread: making -> Board (what is shown) -> events -> page

Use `create_preview` (app.py) and `serve_preview` (serving.py).
"""

from __future__ import annotations
