"""The HTML of a mail -> lines that people can compare: a tag a line, its style below it, text a sentence a line."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from html import escape
from html.parser import HTMLParser
from itertools import accumulate

#: white space, and the row of invisible characters that keeps the text out of what inboxes show behind the preheader
_FILLERS = re.compile("[\u034f\u200b\u200c\u200d\u00ad\ufeff\u00a0\u2007]{3,}|\\s+")
_SENTENCE = re.compile(r"(?<=[.!?]) (?=\S)")


@dataclass(frozen=True, kw_only=True)
class HtmlLine:
    """`offset` is where in the HTML it begins. Two lines are alike when their words are."""

    words: str
    offset: int


def html_lines(html: str) -> list[HtmlLine]:
    """Everything that the HTML holds but white space between words and tags."""
    writer = _Writer(html)
    writer.feed(html)
    writer.close()
    return writer.lines


class _Writer(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[HtmlLine] = []
        self._opened: tuple[str, HtmlLine] | None = None
        self._starts = [0, *accumulate(len(line) + 1 for line in html.split("\n"))]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = "".join(f' {name}="{escape(value or "")}"' for name, value in attrs if name != "style")
        self._write(f"<{tag}{told}>")
        self._opened = (tag, self.lines[-1])
        styles = [value for name, value in attrs if name == "style" and value]
        for style in styles:
            self._write(f"  style: {style}")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        last = self.lines[-1] if self.lines else None
        if last and self._opened == (tag, last):  # nothing in it
            self.lines[-1] = replace(last, words=f"{last.words}</{tag}>")
        else:
            self._write(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        in_style_sheet = bool(self.cdata_elem)  # it has a rule a line already
        for piece in data.splitlines() if in_style_sheet else _SENTENCE.split(_FILLERS.sub(" ", data)):
            self._write(piece)

    def handle_comment(self, data: str) -> None:
        for piece in f"<!--{data}-->".splitlines():
            self._write(piece)

    def handle_decl(self, decl: str) -> None:
        self._write(f"<!{decl}>")

    def unknown_decl(self, data: str) -> None:
        self._write(f"<![{data}]>")

    def _write(self, words: str) -> None:
        line, column = self.getpos()
        if words.strip():
            self.lines.append(HtmlLine(words=words.rstrip(), offset=self._starts[line - 1] + column))
