"""Pages about the library that all issues share."""

from __future__ import annotations

from newsletter.check.rulebook import told
from newsletter.model.problem import Level

_LIBRARY = """
            [
              {
                "id": "example2020",
                "type": "article-journal",
                "title": "Walking early after surgery",
                "author": [{"family": "Example", "given": "Ada"}],
                "container-title": "Journal of Examples",
                "issued": {"date-parts": [[2020, 3]]},
                "volume": "7",
                "page": "12-19",
                "DOI": "10.1234/one"
              }
            ]
"""

RULES = (
    told(
        "reference-shadows-library",
        Level.WARNING,
        f"""A key that is one source here and another in the library.

        The issue cites its own, and whoever knows the library expects the other. Give the one in the issue another key;
        or take it out, if you mean the library's.

        Bad:

            ---
            title: Walking after a knee operation
            preheader: How far, how often, and when to stop and call us
            references:
              - key: example2020
                type: article-journal
                title: Stairs and strength
                author: [{{family: Sample, given: Bo}}]
                container-title: Journal of Examples
                issued: {{date-parts: [[2020, 5]]}}
                volume: "8"
                page: "1-9"
                DOI: 10.1234/two
            ---

            Walking early helps [@example2020].

        Bad (./references/library.json):
{_LIBRARY}
        Good:

            ---
            title: Walking after a knee operation
            preheader: How far, how often, and when to stop and call us
            ---

            Walking early helps [@example2020].

        Good (./references/library.json):
{_LIBRARY}""",
    ),
)
