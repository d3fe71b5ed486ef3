"""Nouns and their plurals: which words name one of what there can be several of."""

from __future__ import annotations

from newsletter.check.prose.dictionary import common_words

#: what is counted and never a verb ("this results in ..."), by its singular
THINGS = frozenset(
    """study trial finding joint treatment symptom injury operation knee hip shoulder ankle elbow wrist tendon ligament bone
    injection cell drug medicine therapy paper article method option activity week month year day hour letter newsletter
    complication infection improvement difference goal muscle session recipe crutch minute nerve tissue dose tablet pill device
    clinic hospital mile""".split()
)
#: persons follow "this" rightly where a comma is missing: "to do this patients need ..."
PERSONS = frozenset("patient surgeon doctor therapist athlete runner researcher author participant reader".split())
#: things that are done as well: "this steps up the load", "those stretch the calf"
DONE = frozenset("pound step stretch exercise tear question review survey group result visit".split())
#: a word is a noun when its plural is written so often, on its own and beside it
_OFTEN, _SHARE = 500, 0.05
#: and a verb when its other forms are written so often beside the plural
_ALSO_DONE = 0.15
#: no noun in this place: numbers, what has no other plural, and what describes persons ("those present")
_NEVER = frozenset(
    """two three four five six seven eight nine ten eleven twelve first second third last next dozen hundred thousand million
    billion percent score people fish shrimp sheep deer cattle staff youth folk crew police offspring present absent right left
    past top back front inside outside other same more less further else like kind today now once still over need help let make
    dare come try might will can may must said who she her his their our your you they that this thing the and not out then
    native adult few many all both each half one ones""".split()
)


def plural(word: str) -> str:
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return f"{word[:-1]}ies"
    return f"{word}es" if word.endswith(("s", "x", "ch", "sh")) else f"{word}s"


def is_one(word: str) -> bool:
    """Whether this is one of what there can be several of: "supplement", not "people", "two" or "often"."""
    if word in _NEVER or word.endswith("s"):
        return False
    many = common_words().get(plural(word), 0)
    return many >= _OFTEN and many >= _SHARE * common_words().get(word, 0)


def is_also_done(word: str) -> bool:
    """Whether it is a verb as well: "show", "stretch"; not "ligament"."""
    counts = common_words()
    stem = word.removesuffix("e")
    done = max(counts.get(f"{stem}ed", 0), counts.get(f"{stem}ing", 0))
    return done >= _ALSO_DONE * counts.get(plural(word), 1)
