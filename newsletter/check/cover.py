"""The character that stands where rules on words see something else than words: code, a merge tag, a citation in the sentence."""

from __future__ import annotations

#: for Markdown neither white space nor punctuation; no author's text has it (`private-use-character`)
COVER = "\ue000"
