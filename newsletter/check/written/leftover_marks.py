"""What placeholders look like, in English, German, Spanish and French. Words in brackets only where nobody would mean them."""

from __future__ import annotations

import re

#: in capitals and in brackets: [NAME], [CLINIC NAME], [DATUM]
_THINGS = (
    "NAME DATE TIME PLACE CITY ADDRESS PHONE NUMBER LINK TITLE HEADLINE SUBJECT IMAGE PHOTO PICTURE LOGO QUOTE PRICE AMOUNT TEXT "
    "PATIENT DOCTOR CLINIC COMPANY SOURCE REFERENCE "
    "DATUM UHRZEIT ORT ADRESSE TELEFON TITEL BILD FOTO PREIS BETRAG PRAXIS QUELLE "
    "NOMBRE FECHA HORA LUGAR ENLACE TÍTULO IMAGEN PRECIO FUENTE "
    "NOM LIEU HEURE LIEN TITRE PRIX ADRESSE TÉLÉPHONE"
).replace(" ", "|")
#: what a request to fill in begins with, and marks that say all by themselves
_ASKS = r"insert|enter|fill in|add|einf[üu]gen|hier|insertar|rellenar|a[ñn]adir|ins[ée]rer|compl[ée]ter|ajouter"
_ALONE = r"placeholder|tbd|tbc|tba|todo|draft|citation needed|platzhalter|entwurf|marcador|borrador|brouillon"
_OWN = r"name|title|text|clinic|practice|address|phone|email|company|link|logo|signature"
_BRACKETS = (
    rf"\[(?i:(?:{_ASKS})[ :][^\[\]\n]{{1,80}})\]",
    rf"\[(?i:(?:{_ALONE})(?:[ :][^\[\]\n]{{0,80}})?)\]",
    rf"\[(?i:your (?:{_OWN})[^\[\]\n]{{0,40}})\]",
    rf"\[(?:[A-Z]{{1,20}}[ _-]){{0,3}}(?:{_THINGS})(?:[ _-](?:[A-Z]{{1,20}})){{0,3}}\]",
    r"\[(?i:(?:image|photo|link|text|logo|bild|imagen|lien) (?:here|goes here|hier|aqu[íi]|ici))\]",
)
_DATES = (
    r"\b(?:XX|xx)[./-](?:XX|xx|\d\d)[./-](?:20\d\d|XXXX|xxxx|XX|xx)\b",
    r"\b00[./-]00[./-](?:20\d\d|0000)\b",
    r"\b\d\d[./-](?:XX|xx)[./-](?:20\d\d|XXXX|xxxx)\b",
    r"\b20\d\d-(?:XX|xx)-(?:XX|xx|\d\d)\b",
    r"\b(?:XX|xx):(?:XX|xx)\b",
)
_FILLER = (
    r"(?<![?!\w])\?{3,}",
    r"\b(?:TBD|tbd)\b",
    r"\basdf(?:gh)?(?:jkl)?\b",
    r"(?i:(?<!ipsum )\bdolor sit amet\b|\b(?:blah ){1,9}blah\b|\b(?:your|placeholder|dummy) (?:text|headline|title) (?:here|goes here)\b)",
    r"(?i:\b(?:text|title|headline|image|link) goes here\b|\bhier (?:steht|kommt) (?:ihr|der) text\b|\btexto de relleno\b)",
    r"(?i:\btu texto aqu[íi]\b|\bvotre texte ici\b|\bfaux texte\b)",
    # what stays of two versions of a file that a program could not join
    r"<{7} [\w/.-]{1,60}",
    # what a word processor puts where a reference of its own is lost
    r"Error! (?:Reference source|Bookmark) not (?:found|defined)|Fehler! (?:Verweisquelle|Textmarke)\b",
)
PLACEHOLDER = re.compile("|".join((*_BRACKETS, *_DATES, *_FILLER)))
