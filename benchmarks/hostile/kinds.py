"""Workspaces that were made to do harm: name -> its files. Each is the first of its kind that a tester would think of.

An issue may have 500 KB, its front matter 100 KB, a references file 5 MB or, in BibTeX, 2 MB: what is under the limit has to
be worked on, what is over it is refused.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

Files = dict[str, bytes]

#: just under what is refused
_LONG, _LONG_BIB = 490_000, 1_900_000
ISSUE = "issues/hostile/issue.md"


def kinds() -> Iterator[tuple[str, Files]]:
    """All of them, one after the other."""
    yield from _all()


def _all() -> Iterator[tuple[str, Files]]:
    yield from _too_large()
    yield from ((f"body: {name}", issue(_fitted(text, _LONG))) for name, text in _bodies().items())
    yield from ((f"front matter: {name}", {ISSUE: text.encode()}) for name, text in _front_matters().items())
    yield from _references()
    yield from _workspaces()


def issue(body: str, front: str = "", **files: bytes) -> Files:
    text = f"---\ntitle: Walking\npreheader: Ten minutes a day are enough to begin with, say our doctors\n{front}---\n\n{body}"
    return {ISSUE: text.encode(errors="surrogatepass")} | files


def _filled(piece: str, size: int = _LONG) -> str:
    return piece * (size // len(piece.encode(errors="surrogatepass")))


def _fitted(text: str, size: int) -> str:
    """Of what is too long its beginning and its end."""
    if len(text.encode(errors="surrogatepass")) <= size:
        return text
    half = size // 2 * len(text) // len(text.encode(errors="surrogatepass"))
    return text[:half] + text[-half:]


def _numbered(piece: str, count: int) -> str:
    return "".join(piece.replace("#", str(number)) for number in range(count))


def _too_large() -> Iterator[tuple[str, Files]]:
    ten = 10_000_000
    yield "10 MB: prose", issue(_filled("Walk a little every day, and rest.\n\n", ten))
    yield "10 MB: brackets", issue(_filled("[", ten))
    yield "10 MB: one line", issue(_filled("word ", ten))
    yield "10 MB: 10,000 citations of 10,000 references", cited(10_000, 400, padding=860)
    yield "10 MB: title", {ISSUE: f"---\ntitle: {_filled('long ', ten)}\n---\n\nText.\n".encode()}


def _bodies() -> dict[str, str]:
    return _runs() | _nested() | _many() | _as_many_as_allowed() | _characters()


def _runs() -> dict[str, str]:
    """One sign or a few, again and again."""
    pieces = [
        "[", "]", "*", "_", "`", ">", "<", "&", "(", "{", "}", "\\", "!", "#", "-", "~", "|", "=", ":", "@", "\"",
        "'", ".", "**", "*a ", "_a_", "*a_ ", "a**b", "`a", "``a` ", "![", "[a](", "[](", "](", "[a]", "[[a]", "<a",
        "<!--", "<a@", "&amp", "&#", "{{", "{{ a", "{{ a }}", "\\{{", "{% ", "[@", "[@a", "[@a; ", "[-@", "@{", "@{a",
        "@a ", "((", "(a", "http://", "www.", "a@b.", "<http:", "\\[", "- ", "1. ", "> ", "::: ", ":::", "+ ", "|a",
        "| - ", "\n", " ", " \n", "  \n", "\t", "\\\n", "a\n", "# \n", "#\n", "---\n", "===\n", "***\n", "a\n---\n",
        "```\n", "~~~\n", "    a\n", "[a]: b\n", "[a]:\n", "a|b\n-|-\n", "|\n", ":::\n", "::: button\n",
        "::: callout\n:::\n", "- a\n\n", "1) a\n", "> a\n\n", "![a](p.png)\n\n", "[a](http://example.org)\n",
        "\u00a0", "\u200b",
    ]  # fmt: skip
    return {f"490 KB of {piece!r}": _filled(piece) for piece in pieces}


def _nested() -> dict[str, str]:
    return {
        "lists 1,000 deep": "".join(f"{'  ' * depth}- a\n" for depth in range(970)),
        "quotes 1,400 deep": "".join(f"{'>' * depth} a\n\n" for depth in range(1, 1400)),
        "one quote 400,000 deep": ">" * 400_000 + "a",
        "a list 400,000 deep in a line": "- " * 400_000 + "a",
        "blocks 50,000 deep": "::: callout\n" * 50_000 + "text\n" + ":::\n" * 50_000,
        "columns in columns": "::: columns\n::: column\n" * 20_000,
        "emphasis 200,000 deep": "*_" * 200_000 + "a" + "_*" * 200_000,
        "links 200,000 deep": "[" * 9_000 + "a" + "](b)" * 9_000,
        "brackets 10,000 deep": "[" * 9_999 + "]" * 9_999,
        "images in images": "![" * 9_000 + "a" + "](p.png)" * 9_000,
        "quotes and lists": "> - " * 200_000 + "a",
    }


def _many() -> dict[str, str]:
    row = "|" + " a |" * 1000
    return {
        "10,000 links": _numbered("[link #](https://example.org/#)\n\n", 10_000),
        "10,000 links in one paragraph": _numbered("[link #](https://example.org/#) ", 10_000),
        "10,000 insecure links": _numbered("[here](http://example.org/#) ", 10_000),
        "10,000 bare links": _numbered("https://example.org/# ", 10_000),
        "10,000 missing images": _numbered("![picture #](p#.png)\n\n", 10_000),
        "10,000 images on the web": _numbered("![picture #](https://example.org/#.png)\n\n", 10_000),
        "10,000 headings": _numbered("## Heading #\n\n", 10_000),
        "10,000 headings alike": "## Heading\n\n" * 10_000,
        "60,000 headings": _numbered("## #\n\n", 60_000),
        "contents of 10,000 headings": "::: contents\n:::\n\n" + _numbered("## Heading #\n\ntext\n\n", 10_000),
        "10,000 merge tags": '{{ first_name | default("you") }} ' * 10_000,
        "10,000 unknown merge tags": _numbered("{{ name_# }} ", 10_000),
        "10,000 unknown citations": _numbered("[@key#] ", 10_000),
        "60,000 unknown citations in one": "[" + _numbered("@k#; ", 60_000) + "]",
        "1,000 x 400 table": row[:1602] + "\n" + "|" + "-|" * 400 + "\n" + (row[:1602] + "\n") * 600,
        "10 columns x 20,000 rows": "|" + " a |" * 10 + "\n|" + "-|" * 10 + "\n" + ("|" + " a |" * 10 + "\n") * 20_000,
        "200,000 columns": "|" + "a|" * 200_000 + "\n|" + "-|" * 200_000 + "\n|" + "a|" * 40_000 + "\n",
        "100,000 footnotes": _numbered("[^#] ", 100_000),
        "10,000 footnotes": _numbered("[^#]: a\n\n", 10_000),
        "30,000 link definitions": _numbered("[a#]: https://example.org/#\n", 9_900) + "[a1]",
        "10,000 empty blocks": "::: callout\n:::\n\n" * 10_000,
        "10,000 unknown blocks": _numbered("::: block#\n:::\n\n", 10_000),
        "10,000 buttons": '::: button href="https://example.org"\nGo\n:::\n\n' * 10_000,
        "10,000 figures": '::: figure src="p.png" alt="a"\nCaption\n:::\n\n' * 10_000,
        "10,000 parts for some": '::: only audience="runners"\nRun\n:::\n\n' * 10_000,
        "10,000 events": '::: event title="a" start="2026-12-01T10:00" place="b"\nx\n:::\n\n' * 10_000,
        "20,000 attributes": "::: button " + _numbered('a#="b" ', 20_000) + "\nGo\n:::\n",
        "an attribute of 900 KB": '::: callout title="' + "a" * 900_000 + '"\nx\n:::\n',
        "an open attribute of 900 KB": "::: callout title=\"" + "a='" * 300_000 + "\nx\n:::\n",
        "100,000 paragraphs": "a\n\n" * 300_000,
        "50,000 list items": "- item\n" * 50_000,
        "code of 900 KB": "```\n" + "code\n" * 180_000 + "```\n",
        "40,000 emphases": "*a* **b** " * 40_000,
    }  # fmt: skip


def _as_many_as_allowed() -> dict[str, str]:
    """Just under what is refused as too complex."""
    row = "|" + " a |" * 10
    event = '::: event title="a" start="2026-12-01T10:00" place="b"\nx\n:::\n\n'
    return {
        "1,950 links": _numbered("[link #](https://example.org/#)\n\n", 1_950),
        "3,300 links in one paragraph": _numbered("[link #](https://example.org/#) ", 3_300),
        "1,950 insecure links": _numbered("[here](http://example.org/#)\n\n", 1_950),
        "1,650 missing images": _numbered("![picture #](p#.png)\n\n", 1_650),
        "1,650 images on the web": _numbered("![picture #](https://example.org/#.png)\n\n", 1_650),
        "3,300 headings": _numbered("## Heading #\n\n", 3_300),
        "3,300 headings alike": "## Heading\n\n" * 3_300,
        "contents of 1,400 headings": "::: contents\n:::\n\n" + _numbered("## Heading #\n\ntext\n\n", 1_400),
        "260 rows of 10 columns": row + "\n|" + "-|" * 10 + "\n" + (row + "\n") * 260,
        "one row of 1,300 columns": "|" + "a|" * 1_300 + "\n|" + "-|" * 1_300 + "\n|" + "a|" * 1_300 + "\n",
        "830 buttons": '::: button href="https://example.org"\nGo\n:::\n\n' * 830,
        "830 figures": '::: figure src="p.png" alt="a"\nCaption\n:::\n\n' * 830,
        "830 callouts": "::: callout\nText\n:::\n\n" * 830,
        "830 events": event * 830,
        "830 parts for some": '::: only audience="runners"\nRun\n:::\n\n' * 830,
        "1,450 quotes": "> a\n\n" * 1_450,
        "1,950 list items": "- item\n" * 1_950,
        "300 columns": "::: columns\n::: column\na\n:::\n::: column\nb\n:::\n:::\n\n" * 300,
        "3,300 dividers": "---\n\n" * 3_300,
        "3,300 code blocks": "```\na\n```\n\n" * 3_300,
        "1,400 emphases": "*a* **b** " * 1_400,
        "2,900 unknown citations": _numbered("[@key#] ", 2_900),
        "19,000 lines": "a\n" * 19_000,
        "3,300 paragraphs": "a\n\n" * 3_300,
        "49,000 stars": "* " * 49_000,
    }


def _characters() -> dict[str, str]:
    return {
        "one line of 990 KB": _filled("word "),
        "one word of 990 KB": "a" * _LONG,
        "spaces before a line end": ("a" + " " * 100_000 + "\n") * 9,
        "spaces and a word": " " * 900_000 + "a",
        "accents piled up": "e" + "\u0301" * 490_000,
        "words with accents piled up": ("e" + "\u0301" * 40 + " ") * 10_000,
        "surrogates": _filled("\ud83d"),
        "text that looks like surrogates": _filled("\\ud83d\\u0000 &#xD83D; "),
        "NULs": "a" + "\0 b" * 300_000,
        "a NUL in each line": "a\0\n\n" * 200_000,
        "overrides of direction": _filled("\u202ea \u202c"),
        "isolates of direction": _filled("\u2067a "),
        "private characters": _filled("\ue000 "),
        "emoji": _filled("\U0001f468\u200d\U0001f469\u200d\U0001f467 "),
        "Hebrew": _filled("שלום עולם. "),
        "long words of vowels": ("aeiou" * 2000 + " ") * 90,
        "stem cell": _filled("stem "),
        "lorem and to-do": _filled("lorem ipsum TODO TK xxx "),
        "addresses": _filled("a@example.org "),
        "phones": _filled("555-0142 "),
        "capitals": _filled("BUY NOW!!! $$$ "),
        "entities": _filled("&amp;&lt;&#64;"),
        "HTML": _filled("<b>a</b><script>x</script>"),
        "open HTML": _filled("<div class='"),
        "links without a point": "[a](http://" + "a." * 400_000 + ")",
        "a link of 900 KB": "[a](https://example.org/" + "%20a?" * 180_000 + ")",
        "a citation of 900 KB": "[@" + "a" * 900_000 + "]",
        "a citation with a suffix of 900 KB": "[@a, " + "p. 4 " * 180_000 + "]",
        "a merge tag of 900 KB": "{{ " + "a" * 900_000 + " }}",
        "a merge tag's fallback of 900 KB": '{{ first_name | default("' + "a" * 900_000 + '") }}',
        "an open merge tag": '{{ first_name | default("' + " " * 900_000,
    }


def _front_matters() -> dict[str, str]:
    """Each field as long as it may be, and YAML that was made to grow."""
    long = "long " * 38_000
    fields = {
        "subject of 99 KB": ("subject", long),
        "subject of merge tags": ("subject", "'" + "{{ first_name }}" * 11_000 + "'"),
        "subject of accents": ("subject", "e" + "\u0301" * 18_000),
        "preheader of 99 KB": ("preheader", long),
        "preheader of exclamations": ("preheader", "!" * 190_000),
        "preheader of capitals": ("preheader", "FREE " * 38_000),
        "authors of 99 KB": ("authors", long),
        "60,000 authors": ("authors", "[" + "a, " * 60_000 + "a]"),
        "topics of 99 KB": ("topics", long),
        "24,000 topics": ("topics", "[" + _numbered("t#, ", 24_000) + "a]"),
        "24,000 disclaimers": ("disclaimers", "[" + _numbered("t#, ", 24_000) + "a]"),
        "24,000 audiences": ("audience", "[" + _numbered("t#, ", 24_000) + "a]"),
        "16,000 references files": ("references", "[" + _numbered("t#.json, ", 16_000) + "a.json]"),
        "language of 99 KB": ("language", "en-" * 60_000),
        "template of 99 KB": ("template", "a" * 190_000),
        "citation_style of 99 KB": ("citation_style", "a-" * 95_000),
        "date of 99 KB": ("date", "1" * 190_000),
    }
    bomb = "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9) if n else 'lol'}]\n" for n in range(12))
    bodies = {
        "title of 99 KB": f"title: {long}\n",
        "aliases that double": f"title: a\n{bomb}",
        "13,000 anchors": "title: a\nvariables:\n" + _numbered("  a#: &b# c\n", 13_000),
        "flow 90,000 deep": f"title: {'[' * 60_000}\n",
        "flow 90,000 deep and closed": f"title: {'[' * 60_000}{']' * 60_000}\n",
        "maps 100,000 deep": f"title: {'{a: ' * 48_000}\n",
        "blocks 600 deep": "title: a\n" + "".join(f"{' ' * depth}a:\n" for depth in range(600)),
        "sequences 90,000 deep in a line": "title: " + "- " * 60_000 + "\n",
        "18,000 unknown keys": "title: a\n" + _numbered("key#: a\n", 18_000),
        "20,000 duplicate keys": "title: a\n" * 20_000,
        "11,000 variables": "title: a\nvariables:\n" + _numbered("  name#: value\n", 11_000),
        "one variable of 99 KB": f"title: a\nvariables:\n  name: {long[:190_000]}\n",
        "7,000 ignored checks": "title: a\nchecks:\n  ignore:\n" + "    - {code: a, reason: b}\n" * 7_000,
        "4,400 references in place": "title: a\nreferences:\n"
        + _numbered("  - {id: a#, type: book, title: b}\n", 4_400),
        "an open quote": f'title: "{long}\n',
        "190,000 spaces": f"title: a{' ' * 190_000}#\n",
        "a tab in each line": "title: a\n" + "\t\n" * 80_000,
        "complex keys": "title: a\n" + "? " * 60_000 + "\n",
        "quotes": "title: " + "'" * 190_000 + "\n",
        "escapes": 'title: "' + "\\x41" * 45_000 + '"\n',
        "a block text": "title: |\n" + "  a\n" * 45_000,
        "a folded text": "title: >\n" + "  a\n\n" * 38_000,
        "percent signs": "title: " + "%" * 190_000 + "\n",
    }
    bodies |= {name: f"title: Walking\n{field}: {value}\n" for name, (field, value) in fields.items()}
    made = {name: f"---\n{_fitted(text, 99_000)}---\n\nText.\n" for name, text in bodies.items()}
    return made | {"no end": "---\n" + "title: a\n" * 100_000, "only dashes": "---\n" * 240_000}


def cited(count: int, each: int, *, padding: int = 0, style: str = "") -> Files:
    """So many citations of so many references in CSL-JSON; `each` is about the bytes of a reference."""
    entries = [
        {
            "id": f"k{number}",
            "type": "article-journal",
            "title": f"Study {number} " + "of walking " * (each // 14),
            "author": [{"family": f"Lind{number}", "given": "Mara"}],
            "issued": {"date-parts": [[2020]]},
            "container-title": "Journal",
            "DOI": f"10.5555/{number}",
        }
        for number in range(count)
    ]
    body = "".join(f"Claim {number} [@k{number}].{' pad' * (padding // 4)}\n\n" for number in range(count))
    front = "references: refs.json\n" + (f"citation_style: {style}\n" if style else "")
    return issue(body, front) | {"issues/hostile/refs.json": json.dumps(entries).encode()}


def _references() -> Iterator[tuple[str, Files]]:
    yield "references: 10,000 citations of 10,000 references", cited(10_000, 250)
    yield "references: 500 citations of 500 references", cited(500, 250)
    yield "references: 2,000 citations of 2,000 references", cited(2_000, 250)
    many = cited(10_000, 250)
    one = issue("[@k1]\n", "references: refs.json\n")
    yield "references: one citation of 10,000 references", many | one
    yield "references: 10,000 citations of one", many | issue("Claim [@k1].\n\n" * 10_000, "references: refs.json\n")
    yield (
        "references: 10,000 in one citation",
        many | issue("[" + "; ".join(f"@k{n}" for n in range(10_000)) + "]", "references: refs.json\n"),
    )
    for name, text in _json_files().items():
        yield (
            f"references: {name}",
            issue("[@a]\n", "references: refs.json\n") | {"issues/hostile/refs.json": text.encode()},
        )
    for name, text in _bib_files().items():
        yield (
            f"references: {name}",
            issue("[@a]\n", "references: refs.bib\n") | {"issues/hostile/refs.bib": _fitted(text, _LONG_BIB).encode()},
        )


def _json_files() -> dict[str, str]:
    person = '{"family":"Lind","given":"M"}'
    entry = '{"id":"a","type":"book","title":"%s","author":[{"family":"%s"}]}'
    return {
        "JSON 2,000,000 deep": "[" * 2_400_000 + "]" * 2_400_000,
        "JSON objects deep": '{"a":' * 900_000,
        "a title of 4.9 MB": f"[{entry % ('long ' * 980_000, 'b')}]",
        "a title of tags": f"[{entry % ('<i>' * 1_600_000, 'b')}]",
        "a title of closed tags": f"[{entry % ('<i>a</i>' * 600_000, 'b')}]",
        "a family of 4.9 MB": f"[{entry % ('b', 'long ' * 980_000)}]",
        "150,000 authors": '[{"id":"a","type":"book","title":"b","author":[' + ",".join([person] * 150_000) + "]}]",
        "9,900 authors": '[{"id":"a","type":"book","title":"b","author":[' + ",".join([person] * 9_900) + "]}]",
        "a number of 4 MB": f'[{{"id":"a","type":"book","title":"b","volume":{"1" * 4_000_000}}}]',
        "100,000 entries alike": f"[{','.join([entry % ('t', 'b')] * 80_000)}]",
        "200,000 entries without a title": "[" + _numbered('{"id":"k#"},', 200_000) + '{"id":"a"}' + "]",
        "100,000 duplicate keys": '[{"id":"a",' + ",".join(['"title":"b"'] * 300_000) + "}]",
        "a DOI of 4.9 MB": '[{"id":"a","type":"book","title":"b","DOI":"10.1/%s"}]' % ("a." * 2_400_000),
        "a URL of 4.9 MB": '[{"id":"a","type":"book","title":"b","URL":"http://%s"}]' % ("a." * 2_400_000),
        "pages of 4.9 MB": '[{"id":"a","type":"article-journal","title":"b","page":"%s"}]' % ("1-" * 2_400_000),
        "a date of 4.9 MB": '[{"id":"a","type":"book","title":"b","issued":{"raw":"%s"}}]' % ("1/" * 2_400_000),
        "too large": "[" + " " * 6_000_000 + "]",
    }  # fmt: skip


def _bib_files() -> dict[str, str]:
    strings = "".join(f"@string{{s{n} = s{n - 1} # s{n - 1}}}\n" for n in range(1, 40))
    return {
        "bib: braces 2,000,000 deep": "@book{a, title={" + "{" * 2_400_000 + "}" * 2_400_000 + "}}",
        "bib: open braces": "@book{a, title=" + "{" * 4_800_000,
        "bib: 10,000 entries": _numbered("@article{k#, title={Study #}, author={Lind, Mara}, journal={J}, year={2020}}\n", 10_000),
        "bib: 22,000 entries": _numbered("@article{k#, title={Study #}, author={Lind, Mara}, journal={J}, year={2020}}\n", 22_000),
        "bib: 100,000 open entries": "@book{a," * 600_000,
        "bib: at signs": "@" * 4_800_000,
        "bib: strings of strings": strings + '@string{s0 = "lol"}\n@book{a, title = s39, year = 2020}\n',
        "bib: a string of itself": "@string{s = s # s}\n@book{a, title = s}\n",
        "bib: 100,000 joined strings": '@string{s = "a"}\n@book{a, title = ' + "s # " * 600_000 + "s}\n",
        "bib: a title of 4.9 MB": "@book{a, title={" + "long " * 970_000 + "}}",
        "bib: a title of commands": "@book{a, title={" + "\\emph{a} " * 500_000 + "}}",
        "bib: a title of open commands": "@book{a, title={" + "\\'{" * 800_000 + "}" * 800_000 + "}}",
        "bib: a title of dollars": "@book{a, title={" + "$a$ " * 1_000_000 + "}}",
        "bib: 100,000 authors": "@book{a, title={b}, author={" + "Lind, Mara and " * 300_000 + "Okafor, Jo}}",
        "bib: and and and": "@book{a, title={b}, author={" + "and " * 1_200_000 + "}}",
        "bib: 300,000 fields": "@book{a, " + _numbered("f#={b}, ", 300_000) + "}",
        "bib: quotes": '@book{a, title=' + '"' * 4_800_000 + "}",
        "bib: backslashes": "@book{a, title={" + "\\" * 4_800_000 + "}}",
        "bib: comments": "%\n" * 2_400_000,
        "bib: @comment": "@comment{" * 500_000,
        "bib: spaces": "@book{a," + " " * 4_800_000 + "title={b}}",
    }  # fmt: skip


def _workspaces() -> Iterator[tuple[str, Files]]:
    for name, code in _templates().items():
        template = {"templates/email/article.html.j2": code.encode()}
        yield f"template: {name}", issue("Text.\n") | template
    for name, text in _disclaimers().items():
        yield f"disclaimer: {name}", issue("Text.\n") | {"templates/disclaimers/general.en.md": text.encode()}
    for name, text in _settings().items():
        yield f"settings: {name}", issue("Text.\n") | {"newsletter.toml+": text.encode()}
    yield "styles: a style of 5 MB", cited(10, 100, style="own") | {"styles/own.csl": b"<style>" * 700_000}
    laughs = (
        "<!DOCTYPE a ["
        + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "lol"}">' for n in range(12))
        + "]><style>&a11;</style>"
    )
    yield "styles: entities that double", cited(10, 100, style="own") | {"styles/own.csl": laughs.encode()}


def _templates() -> dict[str, str]:
    return {
        "a loop of a billion": "{% for i in range(10**9) %}x{% endfor %}",
        "loops in loops": "".join("{% for i" + str(n) + " in range(99999) %}" for n in range(5))
        + "x"
        + "{% endfor %}" * 5,
        "a power": "{{ 10**(10**8) }}",
        "powers of powers": "{{ (9**9)**(9**9) }}",
        "a long text": "{{ 'a' * 10**10 }}",
        "a wide text": "{{ '%1000000000d' % 1 }}",
        "a wide format": "{{ '{:1000000000}'.format(1) }}",
        "a centred text": "{{ 'a' | center(10**9) }}",
        "it includes itself": "{% include 'email/article.html.j2' %}",
        "it extends itself": "{% extends 'email/article.html.j2' %}",
        "a macro that calls itself": "{% macro m() %}{{ m() }}{{ m() }}{% endmacro %}{{ m() }}",
        "a list that doubles": "{% set l = [1] %}{% set l = l * 10**10 %}{{ l }}",
        "5 MB of text": "a " * 2_500_000,
        "100,000 loops": "{% for a in [1] %}" * 10_000 + "{% endfor %}" * 10_000,
        "open tags": "{{" * 500_000,
        "brackets": "{{ " + "(" * 100_000 + ")" * 100_000 + " }}",
        "HTML 100,000 deep": "<div>" * 100_000,
        "200,000 styles": "<p style='color:red'>a</p>" * 200_000,
        "a sheet of 5 MB": "<style>" + "p{color:red}" * 400_000 + "</style><p>a</p>",
        "reaching out": "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    }


def _disclaimers() -> dict[str, str]:
    front = '---\nid: general\ntitle: General\nversion: "1"\neffective_from: 2020-01-01\n---\n\n'
    return {
        "5 MB": front + "No advice. " * 450_000,
        "99 KB": front + "No advice. " * 8_900,
        "99 KB of brackets": front + "[" * 99_000,
        "99 KB of stars": front + "*a " * 33_000,
        "99 KB of quotes": front + "> " * 49_000,
        "paragraphs": front + "a\n\n" * 2_900,
    }


def _settings() -> dict[str, str]:
    words = "[policy.words]\ngeneral = [" + _numbered('"word#", ', 10_000) + "]\n"
    return {
        "10,000 segments": _numbered('[segments.s#]\nattribute = "sport"\nequals = "running"\n', 10_000),
        "a segment 400 deep": "[segments.s]\nnot = " + "{ not = " * 400 + '{ attribute = "sport", equals = "a" }' + "}" * 400 + "\n",
        "an array 100,000 deep": "[segments.s]\nall = " + "[" * 100_000 + "]" * 100_000 + "\n",
        "10,000 topics and words": "[policy.topics]\n" + _numbered('t# = ["general"]\n', 10_000) + words,
        "10,000 attributes": "[attributes]\n" + _numbered('a# = { type = "text" }\n', 10_000),
        "10,000 unknown keys": "[newsletter2]\n" + _numbered("a# = 1\n", 10_000),
        "5 MB of comments": "# a\n" * 1_200_000,
        "a number of 1 MB": "[newsletter2]\na = " + "1" * 1_000_000 + "\n",
    }  # fmt: skip
