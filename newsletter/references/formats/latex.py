"""Text of a record as LaTeX, the way round that bibtex_fields.py reads it: formatting as commands, the ten signs escaped."""

from __future__ import annotations

import re

_ESCAPES = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{sign: f"\\{sign}" for sign in "%&#$_"},
}
_SIGN = re.compile(r"[\\{}~^%&#$_]")
#: quotation marks and dashes that LaTeX would join into others
_JOINED = re.compile(r"(?<=')(?=')|(?<=[`?!])(?=`)|(?<=-)(?=-)|(?<=,)(?=,)|(?<=<)(?=<)|(?<=>)(?=>)")
_COMMANDS = {"i": "textit", "b": "textbf", "sup": "textsuperscript", "sub": "textsubscript"}
#: one innermost formatting, which is what our reader knows
_FORMATTED = re.compile(r"<(i|b|sup|sub)>([^<>{}\\~^]*)</\1>")
#: a word with a capital that a style must not make small: `DNA`, `McDonald`
_CAPITALS = re.compile(r"(?<![\w\\{])(?=\w*[^\W\d_])\w*[A-Z]\w*(?![\w}])")


def escaped(text: str) -> str:
    """Plain text as LaTeX."""
    text = _SIGN.sub(lambda match: _ESCAPES[match[0]], text)
    return _JOINED.sub("{}", text)


def formatted(text: str) -> str:
    """Text with `<i>` and the like."""
    pieces, end = [], 0
    for match in _FORMATTED.finditer(text):
        pieces += [escaped(text[end : match.start()]), f"\\{_COMMANDS[match[1]]}{{{escaped(match[2])}}}"]
        end = match.end()
    return "".join([*pieces, escaped(text[end:])])


def title(text: str) -> str:
    """A title: words with capitals are held by braces, since many styles write titles small."""
    pieces, end = [], 0
    for match in _CAPITALS.finditer(text):
        if match.start() == 0 and match[0][1:] == match[0][1:].lower():
            continue
        # private characters stand for the braces meanwhile: records have none
        pieces += [text[end : match.start()], "\ue010", match[0], "\ue011"]
        end = match.end()
    return formatted("".join([*pieces, text[end:]])).replace("\ue010", "{").replace("\ue011", "}")
