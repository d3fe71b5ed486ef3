"""Pages of what is told while the claims rules and the signatures are read."""

from __future__ import annotations

from newsletter.check.rulebook import told
from newsletter.model.problem import Level

RULES = (
    told(
        "claims-rules-broken",
        Level.ERROR,
        """Claims rules that cannot be read or that cannot be meant.

        Nobody knows what a broken rule would have found, so it is an error; all other rules are in force. Correct the line in
        claims.yaml, or the name of the profile. A phrase is words, `*` at the end of a word, `a|b`, `word?`, `{list}` and `...`.

        Bad (./claims.yaml):

            rules:
              - id: surgery
                say: ["safer than *gery"]
                why: There must be a study that compared the two.

        Good (./claims.yaml):

            rules:
              - id: surgery
                say: ["safer than surg*"]
                why: There must be a study that compared the two.
        """,
        must=True,
    ),
    told(
        "claims-rule-example",
        Level.WARNING,
        """A claims rule that misses its own example.

        The `examples` of a rule in claims.yaml are tried out: it has to find each sentence under `hit` and to leave alone each
        under `no-hit`. Where it does not, it is not the rule that was meant: a phrase is too narrow or too wide, what has to be
        `near` is not there, or the example has a slip. A `[@key]` in an example counts as a source, quotation marks as those of
        a quotation.

        Bad (./claims.yaml):

            rules:
              - id: warm-hands
                say: ["magic touch"]
                near: {words: [surgeon*], within: 8}
                why: It promises what no hand can do.
                examples:
                  hit: ["Her magic touch helps."]

        Good (./claims.yaml):

            rules:
              - id: warm-hands
                say: ["magic touch"]
                near: {words: [surgeon*], within: 8}
                why: It promises what no hand can do.
                examples:
                  hit: ["Our surgeon's magic touch helps."]
                  no-hit: ["The puppy had a magic touch."]
        """,
    ),
    told(
        "claims-lock-broken",
        Level.ERROR,
        """Signatures for claims that cannot be read, or that were changed by hand.

        Each entry of claims.lock has a hash of its sentence, its rule and its references. Where the hash is not theirs, or the
        entry cannot be read, nobody can say what was accepted. After a merge in git, remove the lines of marks and keep both
        entries. Else restore the entry from git, or remove it and run `newsletter claims review ISSUE` again. Nothing is
        written to the file until it can be read.

        Bad (claims.lock):

            [[accepted]]
            hash = "2957490443f92b86c3befd4194d0dcf4"
            rule = "cure@1f0e6d5c4b3a"
            sentence = "This is a cure."
            references = []
            reviewer = "Dr. A. Example"
            why = "It says how it feels, not what it does."
            date = 2026-11-24

        Bad (newsletter.toml):

            [claims]
            profile = "regenerative-us"

        Good (newsletter.toml):

            [claims]
            profile = "regenerative-us"
        """,
        must=True,
    ),
)
