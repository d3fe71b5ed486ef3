"""What RIS and EndNote call the types of sources, and what BibTeX, RIS and CSL write for each other's."""

from __future__ import annotations


def _by_word(table: str) -> dict[str, str]:
    """Lines of `CSL type: word, word` as word -> CSL type."""
    rows = (line.split(": ", 1) for line in table.strip().splitlines())
    return {word.strip(): kind.strip() for kind, words in rows for word in words.split(",")}


#: TY of RIS -> CSL
RIS_TYPES = _by_word("""
    article: PREPRINT
    article-journal: JOUR, EJOUR, EJOU, INPR, ABST
    article-magazine: MGZN
    article-newspaper: NEWS
    bill: BILL, UNBILL
    book: BOOK, EBOOK, EDBOOK, CTLG, SER
    chapter: CHAP, ECHAP
    classic: CLSWK, ANCIENT
    dataset: DATA, AGGR, DBASE
    document: GEN, GRANT, GRNT, EQUA
    entry-dictionary: DICT
    entry-encyclopedia: ENCYC
    figure: FIGURE, CHART
    graphic: ART
    hearing: HEAR
    legal_case: CASE
    legislation: STAT, LEGAL
    manuscript: UNPB, UNPD, MANSCPT
    map: MAP
    motion_picture: MPCT, VIDEO, ADVS
    musical_score: MUSIC
    pamphlet: PAMP
    paper-conference: CPAPER, CONF
    patent: PAT
    periodical: JFULL
    personal_communication: PCOMM
    post-weblog: BLOG
    report: RPRT, GOVDOC
    software: COMP
    song: SOUND
    speech: SLIDE
    standard: STAND
    thesis: THES
    webpage: ELEC, WEB, MULTI, ICOMM
""")

#: name of EndNote's `ref-type` -> CSL
ENDNOTE_TYPES = _by_word("""
    article: Preprint
    article-journal: Journal Article, Electronic Article
    article-magazine: Magazine Article
    article-newspaper: Newspaper Article
    bill: Bill
    book: Book, Edited Book, Electronic Book, Classical Work
    chapter: Book Section, Electronic Book Section
    dataset: Dataset, Online Database, Aggregated Database
    document: Generic, Grant, Catalog, Podcast
    entry-dictionary: Dictionary
    entry-encyclopedia: Encyclopedia
    figure: Figure
    hearing: Hearing
    interview: Interview
    legal_case: Case
    legislation: Statute
    manuscript: Manuscript, Unpublished Work
    map: Map
    motion_picture: Film or Broadcast, Audiovisual Material
    musical_score: Music
    pamphlet: Pamphlet
    paper-conference: Conference Paper, Conference Proceedings
    patent: Patent
    periodical: Serial
    personal_communication: Personal Communication
    post: Discussion Forum
    post-weblog: Blog
    report: Report, Government Document
    software: Computer Program
    standard: Standard
    thesis: Thesis
    webpage: Web Page, Online Multimedia
""")

#: CSL -> TY of RIS: the first word of each row
TO_RIS = {kind: word for word, kind in reversed(RIS_TYPES.items())}
