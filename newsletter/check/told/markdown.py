"""Pages about Markdown."""

from __future__ import annotations

from newsletter.check.rulebook import told
from newsletter.model.problem import Level

RULES = (
    told(
        "raw-html",
        Level.WARNING,
        """HTML in the text.

        HTML is not understood: readers see it as it stands. Write it in Markdown, or with a block.

        Bad:

            Walk a <b>little</b> every day.

        Good:

            Walk a **little** every day.
        """,
    ),
    told(
        "heading-level",
        Level.ERROR,
        """A heading of the first level.

        `#` is the level of the title, which the template puts at the top. Begin with `##`.

        Bad:

            # Opening hours

            Monday to Friday.

        Good:

            ## Opening hours

            Monday to Friday.
        """,
    ),
    told(
        "heading-skip",
        Level.WARNING,
        """A heading that leaves a level out.

        Who hears the mail finds their way by the levels of headings. Below `##` comes `###`.

        Bad:

            ## Opening hours

            Monday to Friday.

            #### In summer

            Also on Saturdays.

        Good:

            ## Opening hours

            Monday to Friday.

            ### In summer

            Also on Saturdays.
        """,
    ),
    told(
        "heading-underlined",
        Level.WARNING,
        """A line of hyphens that makes the line above it a heading.

        In Markdown, hyphens right below a line make it a heading. Write `##` if that is meant; put an empty line
        between if you meant a divider.

        Bad:

            We are open from Monday to Friday.
            ---

            Call us at any time.

        Good:

            We are open from Monday to Friday.

            ---

            Call us at any time.
        """,
    ),
    told(
        "heading-empty",
        Level.WARNING,
        """A heading without words.

        Write them, or remove the line.

        Bad:

            ##

            Monday to Friday.

        Good:

            ## Opening hours

            Monday to Friday.
        """,
    ),
    told(
        "code-unclosed",
        Level.WARNING,
        """Code that is not closed.

        Everything below the line of backticks is shown as code. Close it with the same line.

        Bad:

            ```
            walk --daily

            Walk a little every day.

        Good:

            ```
            walk --daily
            ```

            Walk a little every day.
        """,
    ),
    told(
        "table-cells",
        Level.ERROR,
        r"""A row of a table with more or fewer cells than its header.

        Cells beyond the header would be lost. Add a column to the header; write `\|` for a bar within a cell. A row with
        fewer cells is only a warning: its last columns stay empty, and mostly its words stand in the wrong ones.

        Bad:

            | Week | Walk |
            |---|---|
            | 1 | 10 minutes | twice |

        Good:

            | Week | Walk | How often |
            |---|---|---|
            | 1 | 10 minutes | twice |
        """,
    ),
    told(
        "body-too-complex",
        Level.ERROR,
        """A text with more marks than any issue needs.

        Thousands of brackets or stars, mostly because the wrong file was named, or something was pasted that is no
        text. Check that it is the right file.
        """,
    ),
    told(
        "nesting-too-deep",
        Level.ERROR,
        """Lists, quotes or blocks within one another, more than 20 deep.

        No mail program shows that well. Take levels out.

        Bad:

            > > > > > > > > > > > > > > > > > > > > > > > > > Walk a little every day.

        Good:

            > Walk a little every day.
        """,
    ),
    told(
        "title-not-shown",
        Level.WARNING,
        """The title of a link or an image, which nobody sees.

        What stands in quotes behind the address is not shown in mails. Put the words into the text.

        Bad:

            See the [opening hours](https://example.org/hours "Monday to Friday").

        Good:

            See the [opening hours](https://example.org/hours), Monday to Friday.
        """,
    ),
    told(
        "link-empty",
        Level.ERROR,
        """A link without words.

        Write between the brackets where it leads.

        Bad:

            See the [](https://example.org/hours).

        Good:

            See the [opening hours](https://example.org/hours).
        """,
    ),
    told(
        "image-source",
        Level.ERROR,
        """An image whose name or address is not possible.

        Name a file beside the issue, or an address that begins with https.

        Bad:

            ![A runner climbs the stairs](ftp://example.org/photo.jpg)

        Good:

            ![A runner climbs the stairs](photo.jpg)
        """,
    ),
)
