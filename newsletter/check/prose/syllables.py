"""How many syllables an English word has: groups of vowels, and what spelling adds to them or hides.

No rule of this kind is right for every word; over a text the mistakes are few and cancel out.
"""

from __future__ import annotations

import re
from functools import lru_cache

_VOWELS = re.compile(r"[aeiouy]+")
#: an e that is not heard: at the end, before s or d, and before endings that begin with a consonant
_SILENT = (
    re.compile(
        r"(?<=[^aeiouy])e(?=(?:ly|ments?|ful|fully|less|ness|where|thing|times?|works?|m[ae]n|by|lines?|lets?|teen|ty|like)$)"
    ),
    re.compile(r"(?<=[^aeiouyl])e$|(?<=[aeiouy]l)e$|(?<=u)e$"),
    re.compile(r"(?<=[^aeiouydtlr])ed$|(?<=[aeiouylr][lr])ed$"),
    re.compile(r"(?<=[^aeiouycgszxl])es$(?<!ches)(?<!shes)|(?<=[aeiouy]l)es$|(?<=u)es$"),
)
#: two vowels side by side that are two syllables
_APART = re.compile(
    r"(?<![cgst])ia(?!ge)|(?<=[ct])ia(?=[bs][ei]|te$|tes$|tion)|(?<![cgstx])io(?!u?s$)(?<![ln]io(?=n))|(?<=s)io(?=[lt])|"
    r"(?<=[^cgstx])iou|^die(?=t)|(?<=^h)ya|"
    r"(?<![cgst])ie(?=n[ct](?:e|es|ed|ing|ly|s|y)?$)|ie(?=ty$|ties$)|(?<![cgp])ie(?=rs?$|st$)|"
    r"eo(?!u?s$|n$|ple|us)|(?<=eo)a|(?<=[nrt])eou(?=s)|(?<![gq])ua(?!r[ad]|de|g)|(?<![gq])ue(?=n|l$|ls$)|"
    r"(?<![gq])ui(?=t[yi]|ng)|(?<![gqbs])ui(?=[nd])|(?<!^)oi(?=ng$)|oe(?=[mt])|yi|[ao]y(?=[aeio])|ey(?=[ao])|"
    r"(?<=[^aeiouw])y(?=er|es?t)|ea(?=te$|ted$|ting$|tion|tive)|iu(?=m|s)|ii|uou|(?<=n)ei(?=t)|ae(?=r)"
)
#: a final m that is a syllable of its own: rhythm, spasm
_FINAL_M = re.compile(r"[st]hm$|sms?$")
#: what the rules get wrong
_EXCEPTIONS = {
    word: count
    for count, words in {
        1: """
            ache aches bone breathe bruise bruised build choir clothe clothes does eight eye eyes friend friends
            goes guide guides heart hour hours juice knee knees league prayer said says shoe shoes suit the toe toes
            tongue view whole years
        """,
        2: """
            acne before being biceps bursae business cafe create creates cushioned diet diets disease doing dosage
            evening every facial fatigue fatigued fluid fluids forefoot giant going guided headache headaches ion
            ions likely lion lonely lovely mayor muscle muscles naive ninety people peoples platelet platelets poem
            quiet rarely react really rehab resume reuse safety schedule science seeing someone something sometimes
            somewhere steroid surely technique techniques therefore trial trials triceps via wednesday wholesome
            widespread
        """,
        3: """
            aerobic area areas beautiful businesses chocolate created different diseases everyone everything
            everywhere family fascia idea ideal ideas museum nausea quadriceps reaction reactions recipe recipes
            several simile syncope theater theory unlikely vertebrae
        """,
        4: """
            anaerobic anemone apostrophe bioactive catastrophe cooperate coordinate diabetes diarrhea epitome
            everybody fasciae ideally preexisting reality reinjury vegetable vegetables
        """,
        5: """
            cooperation coordinated coordination
        """,
        6: """
            microorganism
        """,
    }.items()
    for word in words.split()
}


@lru_cache(maxsize=20_000)
def syllables(word: str) -> int:
    """Of a word in any letters; each letter of an abbreviation is spoken."""
    if word.isupper() and len(word) > 1:
        return len(word) + 2 * word.count("W")
    small = word.lower().replace("’", "'").removesuffix("'s").replace("'", "")
    if (known := _EXCEPTIONS.get(small)) is not None:
        return known
    heard = small
    for silent in _SILENT:
        heard = silent.sub("", heard)
    count = len(_VOWELS.findall(heard)) + len(_APART.findall(small)) + len(_FINAL_M.findall(small))
    return max(count, 1)
