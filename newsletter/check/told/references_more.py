"""Pages about the table of retractions that the settings name."""

from __future__ import annotations

from newsletter.check.rulebook import told
from newsletter.model.problem import Level

_GOOD = """
        Good (newsletter.toml):

            [references]
            retraction_watch = "retractions.csv"

        Good (./retractions.csv):

            Record ID,Title,RetractionDate,OriginalPaperDOI,OriginalPaperPubMedID,RetractionNature,Reason
            1,Standing up,11/20/2026 0:00,10.1234/other,0,Retraction,+Error in Data;

        Good:

            ---
            title: Walking after a knee operation
            preheader: How far, how often, and when to stop and call us
            references: refs.json
            ---

            Walking early helps [@ok2020].
"""

RULES = (
    told(
        "retraction-data-missing",
        Level.WARNING,
        """A table of retractions that is not there.

        Nothing was looked up in it, so a retracted source is not noticed. Put the file of Retraction Watch there, or correct its name in
        the settings. A path is meant from the folder of `newsletter.toml`.

        Bad (newsletter.toml):

            [references]
            retraction_watch = "retraction.csv"

        Bad (./retractions.csv):

            Record ID,Title,RetractionDate,OriginalPaperDOI,OriginalPaperPubMedID,RetractionNature,Reason
            1,Standing up,11/20/2026 0:00,10.1234/other,0,Retraction,+Error in Data;

        Bad:

            ---
            title: Walking after a knee operation
            preheader: How far, how often, and when to stop and call us
            references: refs.json
            ---

            Walking early helps [@ok2020].
"""
        + _GOOD,
    ),
    told(
        "retraction-data-unreadable",
        Level.WARNING,
        """A table of retractions that cannot be used.

        It is damaged, or another file. Nothing was looked up in it, so a retracted source is not noticed. Get the file of Retraction Watch
        again and put it there as it is.

        Bad (newsletter.toml):

            [references]
            retraction_watch = "retractions.csv"

        Bad (./retractions.csv):

            Title,Year
            Standing up,2020

        Bad:

            ---
            title: Walking after a knee operation
            preheader: How far, how often, and when to stop and call us
            references: refs.json
            ---

            Walking early helps [@ok2020].
"""
        + _GOOD,
    ),
    told(
        "retraction-data-rows",
        Level.INFORMATION,
        """Rows of the table of retractions that cannot be read.

        They are left out; all others were looked at. Get the file of Retraction Watch again if there are many.

        Bad (newsletter.toml):

            [references]
            retraction_watch = "retractions.csv"

        Bad (./retractions.csv):

            Record ID,Title,RetractionDate,OriginalPaperDOI,OriginalPaperPubMedID,RetractionNature,Reason
            1,Standing up,11/20/2026 0:00,10.1234/other,0,Retraction,+Error in Data;
            2,Stairs and strength

        Bad:

            ---
            title: Walking after a knee operation
            preheader: How far, how often, and when to stop and call us
            references: refs.json
            ---

            Walking early helps [@ok2020].
"""
        + _GOOD,
    ),
)
