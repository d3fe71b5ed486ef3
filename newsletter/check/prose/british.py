"""British spellings -> American ones, which the dictionary has: both are right here."""

from __future__ import annotations

import re

#: pieces of words that differ, and how an American writes them
_PIECES = {
    "colour": "color", "favour": "favor", "honour": "honor", "labour": "labor", "behaviour": "behavior", "neighbour": "neighbor",
    "flavour": "flavor", "humour": "humor", "harbour": "harbor", "rumour": "rumor", "tumour": "tumor", "vapour": "vapor",
    "vigour": "vigor", "odour": "odor", "savour": "savor", "endeavour": "endeavor", "armour": "armor", "demeanour": "demeanor",
    "rigour": "rigor", "splendour": "splendor", "saviour": "savior", "parlour": "parlor", "fervour": "fervor",
    "centre": "center", "centring": "centering", "fibre": "fiber", "metre": "meter", "litre": "liter", "theatre": "theater",
    "titre": "titer", "goitre": "goiter", "calibre": "caliber", "lustre": "luster", "meagre": "meager", "sombre": "somber",
    "programme": "program", "gramme": "gram", "catalogue": "catalog", "dialogue": "dialog", "analogue": "analog",
    "cheque": "check", "defence": "defense", "offence": "offense", "licence": "license", "pretence": "pretense",
    "practise": "practice", "practising": "practicing", "grey": "gray", "tyre": "tire", "plough": "plow", "draught": "draft",
    "kerb": "curb", "sceptic": "skeptic", "mould": "mold", "moult": "molt", "smoulder": "smolder", "moustache": "mustache",
    "cosy": "cozy", "cosi": "cozi", "ageing": "aging", "judgement": "judgment", "aluminium": "aluminum", "sulph": "sulf",
    "artefact": "artifact", "aeroplane": "airplane", "jewellery": "jewelry", "pyjama": "pajama", "manoeuvre": "maneuver",
    "manoeuvring": "maneuvering", "centred": "centered",
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


def american(word: str) -> str:
    """How an American would write a word in small letters; the word itself where that is the same."""
    found = _PIECE.sub(lambda piece: _PIECES[piece[0]], word)
    found = _ISE.sub("iz", found)
    found = _YSE.sub("yz", found)
    return _DOUBLED.sub(lambda end: f"{end[1] or ''}l", found)
