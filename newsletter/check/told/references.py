"""Pages about reference files and the records in them."""

from __future__ import annotations

from newsletter.check.rulebook import told
from newsletter.model.problem import Level

_GOOD = """
        Good:

            ---
            title: Walking after a knee operation
            preheader: How far, how often, and when to stop and call us
            references: own.json
            ---

            Walking early helps [@one].

        Good (own.json):

            [
              {
                "id": "one",
                "type": "article-journal",
                "title": "Walking early after surgery",
                "author": [{"family": "Example", "given": "Ada"}],
                "container-title": "Journal of Examples",
                "issued": {"date-parts": [[2020, 3]]},
                "DOI": "10.1234/one"
              }
            ]
        """

RULES = (
    told(
        "reference-file-missing",
        Level.ERROR,
        """A reference file that is not there.

        It must be beside the issue. Put it there, or correct the name.

        Bad:

            ---
            title: Walking after a knee operation
            preheader: How far, how often, and when to stop and call us
            references: owm.json
            ---

            Walking early helps [@one].

        Bad (own.json):

            [
              {
                "id": "one",
                "type": "article-journal",
                "title": "Walking early after surgery",
                "author": [{"family": "Example", "given": "Ada"}],
                "container-title": "Journal of Examples",
                "issued": {"date-parts": [[2020, 3]]},
                "DOI": "10.1234/one"
              }
            ]
        """
        + _GOOD,
    ),
    told(
        "reference-file-outside",
        Level.ERROR,
        """A reference file outside of the issue's folder.

        Copy it beside the issue, so that the issue can be kept whole.

        Bad:

            ---
            title: Walking after a knee operation
            preheader: How far, how often, and when to stop and call us
            references: ../../elsewhere.json
            ---

            Walking early helps [@one].

        Bad (./elsewhere.json):

            []
        """
        + _GOOD,
    ),
    told(
        "reference-file-type",
        Level.ERROR,
        """A reference file of a kind that is not read.

        CSL-JSON, BibTeX, RIS, PubMed's own format and EndNote's exports are read, and the end of a file's name says which
        one it is: .json, .bib, .ris, .nbib, .xml or .enw. Export the file as one of them, or rename it.

        Bad:

            ---
            title: Walking after a knee operation
            preheader: How far, how often, and when to stop and call us
            references: own.docx
            ---

            Walking early helps [@one].

        Bad (own.docx):

            no references
        """
        + _GOOD,
    ),
    told(
        "reference-file-encoding",
        Level.ERROR,
        """A reference file that is not UTF-8 text.

        Save or export it as UTF-8.
        """,
    ),
    told(
        "reference-file-unreadable",
        Level.ERROR,
        """A reference file that the system does not let us read.

        Correct its permissions.
        """,
    ),
    told(
        "reference-file-too-large",
        Level.ERROR,
        """A reference file that is larger than an issue needs.

        More than 5 MB (of BibTeX 2 MB), or more than 10,000 entries. Export only what the issue cites.
        """,
    ),
    told(
        "reference-file-twice",
        Level.WARNING,
        """A reference file that is named twice.

        Remove one of the two.

        Bad:

            ---
            title: Walking after a knee operation
            preheader: How far, how often, and when to stop and call us
            references: [own.json, own.json]
            ---

            Walking early helps [@one].

        Bad (own.json):

            [
              {
                "id": "one",
                "type": "article-journal",
                "title": "Walking early after surgery",
                "author": [{"family": "Example", "given": "Ada"}],
                "container-title": "Journal of Examples",
                "issued": {"date-parts": [[2020, 3]]},
                "DOI": "10.1234/one"
              }
            ]
        """
        + _GOOD,
    ),
    told(
        "reference-json",
        Level.ERROR,
        """A CSL-JSON file with a mistake.

        The message names the line. Correct it, or export the file again.

        Bad:

            ---
            title: Walking after a knee operation
            preheader: How far, how often, and when to stop and call us
            references: own.json
            ---

            Walking early helps [@one].

        Bad (own.json):

            [{"id": "one", "title": "Walking"
        """
        + _GOOD,
    ),
    told(
        "reference-bibtex",
        Level.ERROR,
        """A BibTeX entry that cannot be read.

        Correct the entry; the others are read all the same. Text between entries that looks like fields is told, too.

        Bad:

            ---
            title: Walking after a knee operation
            preheader: How far, how often, and when to stop and call us
            references: own.bib
            ---

            Walking early helps [@one].

        Bad (own.bib):

            @article{one,
              title = {Walking early after surgery},
              author = {Example, Ada},
              journal = {Journal of Examples},
              year = {2020}
            }

            @article{two,
              title = {Stairs,

        Good:

            ---
            title: Walking after a knee operation
            preheader: How far, how often, and when to stop and call us
            references: own.bib
            ---

            Walking early helps [@one].

        Good (own.bib):

            @article{one,
              title = {Walking early after surgery},
              author = {Example, Ada},
              journal = {Journal of Examples},
              year = {2020}
            }
        """,
    ),
    told(
        "reference-ris",
        Level.ERROR,
        """A RIS entry that is not whole.

        An entry goes from `TY  -` to `ER  -`. Complete it, or export it again; the others are read all the same.

        Bad:

            ---
            title: Walking after a knee operation
            preheader: How far, how often, and when to stop and call us
            references: own.ris
            ---

            Walking early helps [@example2020].

        Bad (own.ris):

            TY  - JOUR
            AU  - Example, Ada
            TI  - Walking early after surgery
            T2  - Journal of Examples
            PY  - 2020
            ER  -

            AU  - Example, Ada
            TI  - Climbing stairs
            ER  -

        Good:

            ---
            title: Walking after a knee operation
            preheader: How far, how often, and when to stop and call us
            references: own.ris
            ---

            Walking early helps [@example2020].

        Good (own.ris):

            TY  - JOUR
            AU  - Example, Ada
            TI  - Walking early after surgery
            T2  - Journal of Examples
            PY  - 2020
            ER  -
        """,
    ),
    told(
        "reference-nbib",
        Level.ERROR,
        """A PubMed entry that is not whole.

        Save it from PubMed again, or correct the line that is named; the others are read all the same.

        Bad:

            ---
            title: Walking after a knee operation
            preheader: How far, how often, and when to stop and call us
            references: own.nbib
            ---

            Walking early helps [@example2020].

        Bad (own.nbib):

            PMID- 90000001
            DP  - 2020 Mar
            TI  - Walking early after surgery.
            FAU - Example, Ada
            PT  - Journal Article
            JT  - Journal of Examples

            PMID- 90000002
            DP  - 2020 Mar
            FAU - Example, Ada

        Good:

            ---
            title: Walking after a knee operation
            preheader: How far, how often, and when to stop and call us
            references: own.nbib
            ---

            Walking early helps [@example2020].

        Good (own.nbib):

            PMID- 90000001
            DP  - 2020 Mar
            TI  - Walking early after surgery.
            FAU - Example, Ada
            PT  - Journal Article
            JT  - Journal of Examples
        """,
    ),
    told(
        "reference-endnote",
        Level.ERROR,
        """An EndNote record that cannot be read.

        Export it again from EndNote, or remove the record; the others are read all the same.

        Bad:

            ---
            title: Walking after a knee operation
            preheader: How far, how often, and when to stop and call us
            references: own.xml
            ---

            Walking early helps [@example2020].

        Bad (own.xml):

            <xml><records>
            <record><ref-type name="Journal Article">17</ref-type>
            <contributors><authors><author>Example, Ada</author></authors></contributors>
            <titles><title>Walking early after surgery</title></titles>
            <periodical><full-title>Journal of Examples</full-title></periodical>
            <dates><year>2020</year></dates></record>
            <record><titles><title>Stairs & ramps</title></titles></record>
            </records></xml>

        Good:

            ---
            title: Walking after a knee operation
            preheader: How far, how often, and when to stop and call us
            references: own.xml
            ---

            Walking early helps [@example2020].

        Good (own.xml):

            <xml><records>
            <record><ref-type name="Journal Article">17</ref-type>
            <contributors><authors><author>Example, Ada</author></authors></contributors>
            <titles><title>Walking early after surgery</title></titles>
            <periodical><full-title>Journal of Examples</full-title></periodical>
            <dates><year>2020</year></dates></record>
            </records></xml>
        """,
    ),
    told(
        "reference-no-key",
        Level.ERROR,
        """A reference without a key to cite it by.

        Give it an `id`, such as the first name and the year.

        Bad:

            ---
            title: Walking after a knee operation
            preheader: How far, how often, and when to stop and call us
            references: own.json
            ---

            Walking early helps [@one].

        Bad (own.json):

            [
              {
                "id": "one",
                "type": "article-journal",
                "title": "Walking early after surgery",
                "author": [{"family": "Example", "given": "Ada"}],
                "container-title": "Journal of Examples",
                "issued": {"date-parts": [[2020, 3]]},
                "DOI": "10.1234/one"
              },
              {
                "type": "article-journal",
                "title": "Walking early after surgery",
                "author": [{"family": "Example", "given": "Ada"}],
                "container-title": "Journal of Examples",
                "issued": {"date-parts": [[2020, 3]]},
                "DOI": "10.1234/one"
              }
            ]
        """
        + _GOOD,
    ),
    told(
        "reference-key-form",
        Level.INFORMATION,
        """A key with characters that need braces.

        Cite it as `@{the key}`, or give it a key of letters, digits and hyphens.

        Bad:

            ---
            title: Walking after a knee operation
            preheader: How far, how often, and when to stop and call us
            references: own.json
            ---

            Walking early helps [@{a one!}].

        Bad (own.json):

            [
              {
                "id": "a one!",
                "type": "article-journal",
                "title": "Walking early after surgery",
                "author": [{"family": "Example", "given": "Ada"}],
                "container-title": "Journal of Examples",
                "issued": {"date-parts": [[2020, 3]]},
                "DOI": "10.1234/one"
              }
            ]
        """
        + _GOOD,
    ),
    told(
        "reference-duplicate-key",
        Level.ERROR,
        """Two references with the same key.

        Rename or remove one.

        Bad:

            ---
            title: Walking after a knee operation
            preheader: How far, how often, and when to stop and call us
            references: own.json
            ---

            Walking early helps [@one].

        Bad (own.json):

            [
              {
                "id": "one",
                "type": "article-journal",
                "title": "Walking early after surgery",
                "author": [{"family": "Example", "given": "Ada"}],
                "container-title": "Journal of Examples",
                "issued": {"date-parts": [[2020, 3]]},
                "DOI": "10.1234/one"
              },
              {
                "id": "one",
                "type": "article-journal",
                "title": "Stairs and strength",
                "author": [{"family": "Example", "given": "Ada"}],
                "container-title": "Journal of Examples",
                "issued": {"date-parts": [[2020, 3]]},
                "DOI": "10.1234/two"
              }
            ]
        """
        + _GOOD,
    ),
    told(
        "reference-duplicate",
        Level.WARNING,
        """Two references that are the same source.

        Readers would see it twice, with two numbers. Keep one of them.

        Bad:

            ---
            title: Walking after a knee operation
            preheader: How far, how often, and when to stop and call us
            references: own.json
            ---

            Walking early helps [@one].

        Bad (own.json):

            [
              {
                "id": "one",
                "type": "article-journal",
                "title": "Walking early after surgery",
                "author": [{"family": "Example", "given": "Ada"}],
                "container-title": "Journal of Examples",
                "issued": {"date-parts": [[2020, 3]]},
                "DOI": "10.1234/one"
              },
              {
                "id": "two",
                "type": "article-journal",
                "title": "Walking early after surgery",
                "author": [{"family": "Example", "given": "Ada"}],
                "container-title": "Journal of Examples",
                "issued": {"date-parts": [[2020, 3]]},
                "DOI": "10.1234/one"
              }
            ]
        """
        + _GOOD,
    ),
    told(
        "reference-type",
        Level.WARNING,
        """A reference that does not say what it is.

        An article, a book, a web page and a report are printed differently. Add its `type`.

        Bad:

            ---
            title: Walking after a knee operation
            preheader: How far, how often, and when to stop and call us
            references: own.json
            ---

            Walking early helps [@one].

        Bad (own.json):

            [
              {
                "id": "one",
                "title": "Walking early after surgery",
                "author": [{"family": "Example", "given": "Ada"}],
                "container-title": "Journal of Examples",
                "issued": {"date-parts": [[2020, 3]]},
                "DOI": "10.1234/one"
              }
            ]
        """
        + _GOOD,
    ),
    told(
        "reference-text",
        Level.ERROR,
        """A field of a reference that should be a text.

        Write it as one text, in quotes.

        Bad:

            ---
            title: Walking after a knee operation
            preheader: How far, how often, and when to stop and call us
            references: own.json
            ---

            Walking early helps [@one].

        Bad (own.json):

            [
              {
                "id": "one",
                "type": "article-journal",
                "title": {"en": "Walking early"},
                "author": [{"family": "Example", "given": "Ada"}],
                "container-title": "Journal of Examples",
                "issued": {"date-parts": [[2020, 3]]},
                "DOI": "10.1234/one"
              }
            ]
        """
        + _GOOD,
    ),
    told(
        "reference-names",
        Level.ERROR,
        """A field of a reference that should be a list of names.

        Write family and given names.

        Bad:

            ---
            title: Walking after a knee operation
            preheader: How far, how often, and when to stop and call us
            references: own.json
            ---

            Walking early helps [@one].

        Bad (own.json):

            [
              {
                "id": "one",
                "type": "article-journal",
                "title": "Walking early after surgery",
                "author": "Ada Example",
                "container-title": "Journal of Examples",
                "issued": {"date-parts": [[2020, 3]]},
                "DOI": "10.1234/one"
              }
            ]
        """
        + _GOOD,
    ),
    told(
        "reference-others",
        Level.INFORMATION,
        """A list of names that ends in "et al".

        The style decides how many names are printed. Give all names.

        Bad:

            ---
            title: Walking after a knee operation
            preheader: How far, how often, and when to stop and call us
            references: own.json
            ---

            Walking early helps [@one].

        Bad (own.json):

            [
              {
                "id": "one",
                "type": "article-journal",
                "title": "Walking early after surgery",
                "author": [{"family": "Example", "given": "Ada"}, {"literal": "et al."}],
                "container-title": "Journal of Examples",
                "issued": {"date-parts": [[2020, 3]]},
                "DOI": "10.1234/one"
              }
            ]
        """
        + _GOOD,
    ),
    told(
        "reference-date",
        Level.ERROR,
        """A date of a reference that cannot be.

        Correct it: a year, or a year, a month and a day.

        Bad:

            ---
            title: Walking after a knee operation
            preheader: How far, how often, and when to stop and call us
            references: own.json
            ---

            Walking early helps [@one].

        Bad (own.json):

            [
              {
                "id": "one",
                "type": "article-journal",
                "title": "Walking early after surgery",
                "author": [{"family": "Example", "given": "Ada"}],
                "container-title": "Journal of Examples",
                "issued": {"date-parts": [[2020, 2, 31]]},
                "DOI": "10.1234/one"
              }
            ]
        """
        + _GOOD,
    ),
    told(
        "reference-doi",
        Level.WARNING,
        """A DOI that is none.

        It is left out, so that readers do not click into nothing. Correct it.

        Bad:

            ---
            title: Walking after a knee operation
            preheader: How far, how often, and when to stop and call us
            references: own.json
            ---

            Walking early helps [@one].

        Bad (own.json):

            [
              {
                "id": "one",
                "type": "article-journal",
                "title": "Walking early after surgery",
                "author": [{"family": "Example", "given": "Ada"}],
                "container-title": "Journal of Examples",
                "issued": {"date-parts": [[2020, 3]]},
                "DOI": "one two"
              }
            ]
        """
        + _GOOD,
    ),
    told(
        "reference-pmid",
        Level.WARNING,
        """A PubMed number that is none.

        It is left out. Correct it.

        Bad:

            ---
            title: Walking after a knee operation
            preheader: How far, how often, and when to stop and call us
            references: own.json
            ---

            Walking early helps [@one].

        Bad (own.json):

            [
              {
                "id": "one",
                "type": "article-journal",
                "title": "Walking early after surgery",
                "author": [{"family": "Example", "given": "Ada"}],
                "container-title": "Journal of Examples",
                "issued": {"date-parts": [[2020, 3]]},
                "DOI": "10.1234/one",
                "PMID": "PMC12x"
              }
            ]
        """
        + _GOOD,
    ),
    told(
        "reference-url",
        Level.WARNING,
        """A web address of a reference that is none.

        It is left out. Correct it.

        Bad:

            ---
            title: Walking after a knee operation
            preheader: How far, how often, and when to stop and call us
            references: own.json
            ---

            Walking early helps [@one].

        Bad (own.json):

            [
              {
                "id": "one",
                "type": "article-journal",
                "title": "Walking early after surgery",
                "author": [{"family": "Example", "given": "Ada"}],
                "container-title": "Journal of Examples",
                "issued": {"date-parts": [[2020, 3]]},
                "DOI": "10.1234/one",
                "URL": "www example org"
              }
            ]
        """
        + _GOOD,
    ),
    told(
        "reference-no-title",
        Level.ERROR,
        """A reference without a title.

        Nobody could find it. Add the title.

        Bad:

            ---
            title: Walking after a knee operation
            preheader: How far, how often, and when to stop and call us
            references: own.json
            ---

            Walking early helps [@one].

        Bad (own.json):

            [
              {
                "id": "one",
                "type": "article-journal",
                "author": [{"family": "Example", "given": "Ada"}],
                "container-title": "Journal of Examples",
                "issued": {"date-parts": [[2020, 3]]},
                "DOI": "10.1234/one"
              }
            ]
        """
        + _GOOD,
    ),
    told(
        "reference-no-year",
        Level.WARNING,
        """A reference without a year.

        Readers cannot tell how old it is. Add it.

        Bad:

            ---
            title: Walking after a knee operation
            preheader: How far, how often, and when to stop and call us
            references: own.json
            ---

            Walking early helps [@one].

        Bad (own.json):

            [
              {
                "id": "one",
                "type": "article-journal",
                "title": "Walking early after surgery",
                "author": [{"family": "Example", "given": "Ada"}],
                "container-title": "Journal of Examples",
                "DOI": "10.1234/one"
              }
            ]
        """
        + _GOOD,
    ),
    told(
        "reference-no-author",
        Level.WARNING,
        """A reference that names nobody.

        Add a person, a group or an institution.

        Bad:

            ---
            title: Walking after a knee operation
            preheader: How far, how often, and when to stop and call us
            references: own.json
            ---

            Walking early helps [@one].

        Bad (own.json):

            [
              {
                "id": "one",
                "type": "article-journal",
                "title": "Walking early after surgery",
                "container-title": "Journal of Examples",
                "issued": {"date-parts": [[2020, 3]]},
                "DOI": "10.1234/one"
              }
            ]
        """
        + _GOOD,
    ),
    told(
        "reference-no-container",
        Level.WARNING,
        """An article that does not say where it appeared.

        Add the journal or the book.

        Bad:

            ---
            title: Walking after a knee operation
            preheader: How far, how often, and when to stop and call us
            references: own.json
            ---

            Walking early helps [@one].

        Bad (own.json):

            [
              {
                "id": "one",
                "type": "article-journal",
                "title": "Walking early after surgery",
                "author": [{"family": "Example", "given": "Ada"}],
                "issued": {"date-parts": [[2020, 3]]},
                "DOI": "10.1234/one"
              }
            ]
        """
        + _GOOD,
    ),
    told(
        "reference-no-url",
        Level.WARNING,
        """A web page without an address.

        Readers could not find it. Add its URL.

        Bad:

            ---
            title: Walking after a knee operation
            preheader: How far, how often, and when to stop and call us
            references: own.json
            ---

            Walking early helps [@one].

        Bad (own.json):

            [
              {
                "id": "one",
                "type": "webpage",
                "title": "Walking early after surgery",
                "author": [{"family": "Example", "given": "Ada"}],
                "issued": {"date-parts": [[2020, 3]]}
              }
            ]
        """
        + _GOOD,
    ),
    told(
        "reference-style-unknown",
        Level.ERROR,
        """A citation style that does not exist.

        Use the one that the message suggests.

        Bad:

            ---
            title: Walking after a knee operation
            preheader: How far, how often, and when to stop and call us
            citation_style: american-medical-asociation
            references: own.json
            ---

            Walking early helps [@one].

        Bad (own.json):

            [
              {
                "id": "one",
                "type": "article-journal",
                "title": "Walking early after surgery",
                "author": [{"family": "Example", "given": "Ada"}],
                "container-title": "Journal of Examples",
                "issued": {"date-parts": [[2020, 3]]},
                "DOI": "10.1234/one"
              }
            ]
        """
        + _GOOD,
    ),
    told(
        "reference-style-broken",
        Level.ERROR,
        """A citation style that cannot be used.

        The file is no CSL style, has no bibliography (styles for footnotes), points to a parent that is missing, or goes
        round in circles. Correct or remove it, or name another style.

        Bad:

            ---
            title: Walking after a knee operation
            preheader: How far, how often, and when to stop and call us
            citation_style: house
            references: own.json
            ---

            Walking early helps [@one].

        Bad (own.json):

            [
              {
                "id": "one",
                "type": "article-journal",
                "title": "Walking early after surgery",
                "author": [{"family": "Example", "given": "Ada"}],
                "container-title": "Journal of Examples",
                "issued": {"date-parts": [[2020, 3]]},
                "DOI": "10.1234/one"
              }
            ]

        Bad (styles/house.csl):

            <style>
        """
        + _GOOD,
    ),
)
