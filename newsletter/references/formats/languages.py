"""Names and three-letter codes of languages -> the two-letter codes that CSL uses (ISO 639)."""

from __future__ import annotations

_TABLE = """
    cs: cze ces czech
    da: dan danish
    de: ger deu german
    en: eng english
    es: spa spanish
    fi: fin finnish
    fr: fre fra french
    hu: hun hungarian
    it: ita italian
    ja: jpn japanese
    ko: kor korean
    nl: dut nld dutch
    no: nor norwegian
    pl: pol polish
    pt: por portuguese
    ru: rus russian
    sv: swe swedish
    tr: tur turkish
    zh: chi zho chinese
"""
_CODES = {
    word: code.strip()
    for code, _, words in (line.partition(":") for line in _TABLE.strip().splitlines())
    for word in words.split()
}


def language_code(text: str) -> str:
    """`eng` and `English` as their code; what is unknown stays as it is."""
    return _CODES.get(text.strip().lower(), text.strip())
