"""British and American spellings: the one table of both, for the dictionary and for the rule that they are not mixed."""

from __future__ import annotations

import re
from functools import lru_cache

from newsletter.check.prose.dictionary import common_words, shipped_small

_OUR = """colour favour honour labour behaviour neighbour flavour humour harbour rumour tumour vapour vigour odour savour
    endeavour armour demeanour rigour splendour saviour parlour fervour""".split()
_RE = "centre fibre metre litre theatre titre goitre calibre lustre meagre sombre".split()
#: pieces of words that differ, and how an American writes them
_PIECES = {
    **{word: word.replace("our", "or") for word in _OUR},
    **{word: f"{word[:-2]}er" for word in _RE},
    "centring": "centering", "centred": "centered",
    "programme": "program", "gramme": "gram", "catalogue": "catalog", "dialogue": "dialog", "analogue": "analog",
    "cheque": "check", "defence": "defense", "offence": "offense", "licence": "license", "pretence": "pretense",
    "practise": "practice", "practising": "practicing", "grey": "gray", "tyre": "tire", "plough": "plow", "draught": "draft",
    "kerb": "curb", "sceptic": "skeptic", "mould": "mold", "moult": "molt", "smoulder": "smolder", "moustache": "mustache",
    "cosy": "cozy", "cosi": "cozi", "ageing": "aging", "judgement": "judgment", "aluminium": "aluminum", "sulph": "sulf",
    "artefact": "artifact", "aeroplane": "airplane", "jewellery": "jewelry", "pyjama": "pajama", "manoeuvre": "maneuver",
    "manoeuvring": "maneuvering",
    "fulfil": "fulfill", "enrol": "enroll", "instal": "install", "skilful": "skillful", "wilful": "willful",
    "anaesth": "anesth", "aesthesi": "esthesi", "aesthetic": "esthetic", "haem": "hem", "aemi": "emi", "paed": "ped",
    "oedem": "edem", "oesoph": "esoph", "oestr": "estr", "foet": "fet", "rrhoea": "rrhea", "pnoea": "pnea", "gynaec": "gynec",
    "caec": "cec", "aetiol": "etiol", "leuco": "leuko", "leukaem": "leukem", "faec": "fec", "coeliac": "celiac",
    "encyclopaed": "encycloped", "archaeo": "archeo", "mediaev": "mediev", "caesar": "cesar",
}  # fmt: skip
_PIECE = re.compile("|".join(sorted(_PIECES, key=len, reverse=True)))
_ISE = re.compile(r"(?<=[a-z]{3})is(?=(?:e|ed|es|er|ers|ing|able|ation|ations|ational)$)")
_YSE = re.compile(r"(?<=[a-z]{3})ys(?=(?:e|ed|es|er|ers|ing)$)")
#: travelled, modelling, labeller; not feelling
_DOUBLED = re.compile(
    r"(?<=[^aeiou])([eai])ll(?=(?:ed|ing|er|ers|or|ors|ous|ously)$)|(?<=[dfr][iu][ae])ll(?=(?:ed|ing)$)"
)
#: written by Americans as well
_IN_BOTH = re.compile("theatre|dialogue|catalogue|analogue|draught|archaeo|caesar|(?<!n)aesthetic|moustache|mediaev")
#: the dictionary, which is American, lacks the British -ise; "travelled" it has, and "surprise"
_RARE = 60
_SHORTEST_DOUBLED = 7

#: what an American writes where a Briton does not. Left out is what means something else there: a parking meter, a computer
#: program, a license that is a verb, a check, a tire, hemiplegia
_AMERICAN = re.compile(
    rf"""(?:dis|un|mis|multi|over|tri)?(?:{"|".join(word.replace("our", "or") for word in _OUR if word != "rigour")})
        (?:s|ed|ing|ings|ful|fully|less|able|ably|al|ally|ite|ites|er|ers|hood|hoods|ly)?
    | (?:milli|centi|kilo|deci|micro|nano)(?:meter|liter)s? | meters | liters?
    | (?:{"|".join(f"{word[:-2]}er" for word in _RE if word not in {"metre", "litre", "theatre"})})(?:s|ed|ing|glass)?
    | anesth[a-z]+ | hem(?:at|o|orrh)[a-z]+ | (?:an|isch|leuk|glyc|hypoglyc|hyperglyc|bacter)emi[ac][a-z]*
    | (?:pediatr|orthoped|edem|esophag|estrogen|gynecol|etiolog|encycloped)[a-z]+ | [a-z]+rrhea | [a-z]*pnea | celiac | fec(?:es|al)
    | (?:de|of)fenses? | pretenses? | aging | gray(?:s|er|ing|ish)? | plow[a-z]* | skeptic[a-z]* | cozy | aluminum
    | jewelry | pajamas | maneuver[a-z]* | (?:fulfill|enroll)(?:s|ments?)? | installments? | skillful(?:ly)? | willful(?:ly)?
    | (?:anal|paral|catal|dial|hydrol)yz(?:e|ed|es|er|ers|ing)
    | (?:travel|label|cancel|model|level|signal|fuel|counsel|channel|tunnel|pedal|total|marvel|unravel|snorkel)(?:ed|ing|ers?|ors?)
    """,
    re.VERBOSE,
)
_SIZE = re.compile(r"(?:re|over|cap|mid|out|down|under|up|bite|full|king)siz")
_IZE = re.compile(r"[a-z]{3,}iz(?:e|ed|es|er|ers|ing|able|ation|ations|ational)")


def american(word: str) -> str:
    """How an American would write a word in small letters; the word itself where that is the same."""
    found = _PIECE.sub(lambda piece: _PIECES[piece[0]], word)
    found = _ISE.sub("iz", found)
    found = _YSE.sub("yz", found)
    return _DOUBLED.sub(lambda end: f"{end[1] or ''}l", found)


@lru_cache(maxsize=20_000)
def is_british(word: str) -> bool:
    """Whether no American writes this word in small letters so."""
    other = american(word)
    counts = common_words()
    if other == word or _IN_BOTH.search(word) or not (counts.get(other, 0) >= _RARE or other in shipped_small()):
        return False
    if word not in counts or _PIECE.search(word):
        return True
    return len(word) >= _SHORTEST_DOUBLED and bool(_DOUBLED.search(word)) and counts[other] >= counts[word]


@lru_cache(maxsize=20_000)
def is_american(word: str) -> bool:
    """Whether no Briton writes this word in small letters so; `ends_in_ize` asks for what some Britons do."""
    return bool(_AMERICAN.fullmatch(word))


def ends_in_ize(word: str) -> bool:
    """As "organize", which is American, and right in Britain for those who never write "organise"."""
    return bool(_IZE.fullmatch(word)) and not _SIZE.match(word)


def ends_in_ise(word: str) -> bool:
    return is_british(word) and bool(_ISE.search(word)) and not _PIECE.search(word)
