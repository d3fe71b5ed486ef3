"""Pages about the checks themselves: ignoring, levels by policy, rules that fail."""

from __future__ import annotations

from newsletter.check.rulebook import told
from newsletter.model.problem import Level

RULES = (
    told(
        "ignore-refused",
        Level.WARNING,
        """An issue that would ignore an error.

        Warnings and information can be ignored with a reason, errors cannot. Mend what the error says, then remove its code
        from `ignore`.

        Bad:

            ---
            title: Walking after a knee operation
            preheader: How far, how often, and when to stop and call us
            checks:
              ignore:
                - code: link-target
                  reason: The heading comes later.
            ---

            See the [opening hours](#hours).

        Good:

            ---
            title: Walking after a knee operation
            preheader: How far, how often, and when to stop and call us
            ---

            See the [opening hours](#opening-hours).

            ## Opening hours

            Monday to Friday.
        """,
    ),
    told(
        "ignore-unknown",
        Level.WARNING,
        """An issue that would ignore a code that does not exist.

        Take the code that stands in brackets in what the check says; `newsletter check --list-codes` shows all of them.

        Bad:

            ---
            title: Walking after a knee operation
            preheader: Keep walking
            checks:
              ignore:
                - code: preheader-lenght
                  reason: It says all there is.
            ---

            Walk a little every day.

        Good:

            ---
            title: Walking after a knee operation
            preheader: Keep walking
            checks:
              ignore:
                - code: preheader-length
                  reason: It says all there is.
            ---

            Walk a little every day.
        """,
    ),
    told(
        "ignore-unused",
        Level.INFORMATION,
        """An issue that ignores what is not there.

        Nothing of that kind was found, perhaps because it has been mended. Remove it from `ignore`, so that it hides nothing
        later.

        Bad:

            ---
            title: Walking after a knee operation
            preheader: How far, how often, and when to stop and call us
            checks:
              ignore:
                - code: subject-long
                  reason: The name of the course is that long.
            ---

            Walk a little every day.

        Good:

            Walk a little every day.
        """,
    ),
    told(
        "policy-level-unknown",
        Level.WARNING,
        """A level for a code that does not exist.

        `[policy.levels]` of `newsletter.toml` names a code that no check has. `newsletter check --list-codes` shows all of
        them.

        Bad (newsletter.toml):

            [policy.levels]
            subject-lng = "error"

        Good (newsletter.toml):

            [policy.levels]
            subject-long = "error"
        """,
    ),
    told(
        "policy-level-refused",
        Level.WARNING,
        """A level that would lower what must be.

        A few checks guard what law or safety demands: disclaimers, the postal address, the link to unsubscribe. They stay
        errors whatever `[policy.levels]` says.

        Bad (newsletter.toml):

            [policy.levels]
            postal-address-not-shown = "off"

        Good (newsletter.toml):

            [policy.levels]
            postal-address-not-shown = "error"
        """,
    ),
    told(
        "rules-unloadable",
        Level.ERROR,
        """Rules of the workspace or of a package that cannot be loaded.

        A file that `checks.rules` names is missing or broken, or a package offers rules that this version cannot use. Nobody
        knows what they would have said, so it is an error. Correct the file, or remove it from `checks.rules`.

        Bad (newsletter.toml):

            [checks]
            rules = ["rules/house.py"]

        Good (newsletter.toml):

            [checks]
            rules = ["rules/house.py"]

        Good (rules/house.py):

            RULES = ()
        """,
    ),
    told(
        "check-crashed",
        Level.ERROR,
        """A check that failed itself.

        Nobody knows what it would have said. The other checks ran all the same. Report it, with the issue file, to whoever
        wrote the check.

        Bad (newsletter.toml):

            [checks]
            rules = ["rules/house.py"]

        Bad (rules/house.py):

            from newsletter.check.rulebook import issue_rule
            from newsletter.model.problem import Level


            @issue_rule("house-words", Level.WARNING)
            def words(content):
                return [content.no_such_thing]


            RULES = (words,)

        Good (newsletter.toml):

            [checks]
            rules = ["rules/house.py"]

        Good (rules/house.py):

            from newsletter.check.rulebook import issue_rule
            from newsletter.model.problem import Level


            @issue_rule("house-words", Level.WARNING)
            def words(content):
                return []


            RULES = (words,)
        """,
    ),
)
