"""Pages about citations and merge tags."""

from __future__ import annotations

from newsletter.check.rulebook import told
from newsletter.model.problem import Level

RULES = (
    told(
        "citation-unknown",
        Level.ERROR,
        """A citation of a reference that is not there.

        Correct the key, or add the reference to the files that `references` names.

        Bad:

            ---
            title: Walking after a knee operation
            preheader: How far, how often, and when to stop and call us
            references: refs.json
            ---

            Walking early helps [@ok2022], and so do stairs [@ok2020; @ok2021].

        Good:

            ---
            title: Walking after a knee operation
            preheader: How far, how often, and when to stop and call us
            references: refs.json
            ---

            Walking early helps [@ok2020], and so do stairs [@ok2021].
        """,
    ),
    told(
        "citation-syntax",
        Level.ERROR,
        """A citation that cannot be read.

        Write `[@one; @two, p. 4]`.

        Bad:

            ---
            title: Walking after a knee operation
            preheader: How far, how often, and when to stop and call us
            references: refs.json
            ---

            Walking early helps [@ok2020; ok2021].

            Stairs too [@ok2021].

        Good:

            ---
            title: Walking after a knee operation
            preheader: How far, how often, and when to stop and call us
            references: refs.json
            ---

            Walking early helps [@ok2020; @ok2021].
        """,
    ),
    told(
        "reference-uncited",
        Level.INFORMATION,
        """A reference that nobody cites.

        It is not shown to readers. Cite it, or take it out of the file.

        Bad:

            ---
            title: Walking after a knee operation
            preheader: How far, how often, and when to stop and call us
            references: refs.json
            ---

            Walking early helps [@ok2020].

        Good:

            ---
            title: Walking after a knee operation
            preheader: How far, how often, and when to stop and call us
            references: refs.json
            ---

            Walking early helps [@ok2020; @ok2021].
        """,
    ),
    told(
        "merge-tag-syntax",
        Level.ERROR,
        r"""What stands between `{{` and `}}` cannot be read.

        Write `{{ name }}` or `{{ name | default("...") }}`. For two braces as such write `\{{`.

        Bad:

            Dear {{ first_name | upper }},

            walk a little every day.

        Good:

            Dear {{ first_name | default("reader") }},

            walk a little every day.
        """,
    ),
    told(
        "merge-tag-unknown",
        Level.ERROR,
        """A merge tag with a name that does not exist.

        Take the one that the message suggests. There are the fields of readers, your own `variables`, and names such as
        `issue.title`.

        Bad:

            Dear {{ firstname | default("reader") }},

            walk a little every day.

        Good:

            Dear {{ first_name | default("reader") }},

            walk a little every day.
        """,
    ),
    told(
        "merge-tag-without-fallback",
        Level.WARNING,
        """A reader's field without a fallback.

        We do not know everybody's first name. Who has none would read "Dear ,". Add what they should read.

        Bad:

            Dear {{ first_name }},

            walk a little every day.

        Good:

            Dear {{ first_name | default("reader") }},

            walk a little every day.
        """,
    ),
    told(
        "merge-tag-empty",
        Level.WARNING,
        """A merge tag whose name stands for nothing.

        A setting or a variable of that name is empty. Fill it in, or remove the tag.

        Bad:

            Call {{ sender.tagline }} at any time.

        Good:

            Call {{ sender.name }} at any time.
        """,
    ),
    told(
        "merge-tag-place",
        Level.ERROR,
        """A merge tag where nothing can differ from reader to reader.

        Such as the description of an image. It may stand in the text, in link targets and in most attributes of blocks.
        Take it out.

        Bad:

            Here ![the way to us for {{ first_name | default("you") }}](photo.jpg) is a map.

        Good:

            Here ![the way to us](photo.jpg) is a map.
        """,
    ),
)
