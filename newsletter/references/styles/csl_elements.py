"""The classes that a style's elements get. Imported late: citeproc takes its time."""

from __future__ import annotations

from newsletter.references.styles.csl_base import Locale, Style
from newsletter.references.styles.csl_dates import Date, DatePart
from newsletter.references.styles.csl_names import Name, NamePart, Names, Substitute
from newsletter.references.styles.csl_texts import Choose, ElseIf, Group, If, Label, Number, Text

#: tag -> class; the others are citeproc's own
OURS = {
    "style": Style,
    "locale": Locale,
    "text": Text,
    "number": Number,
    "group": Group,
    "choose": Choose,
    "if": If,
    "else-if": ElseIf,
    "label": Label,
    "names": Names,
    "substitute": Substitute,
    "name": Name,
    "name-part": NamePart,
    "date": Date,
    "date-part": DatePart,
}
