"""English words for publications, for those who publish, and for dates; pieces of patterns."""

from __future__ import annotations

NOUN = r"(?:study|simulation|paper|trial|review|report|analysis|survey|article|meta-?analysis|publication)"
NOUNS = r"(?:studies|simulations|papers|trials|reviews|reports|analyses|surveys|articles|meta-?analyses|publications)"
_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    r"|Nov(?:ember)?|Dec(?:ember)?)"
)
#: a date that is not one end of a range, and no number of something; it has groups `month` and `year`
DATE = (
    rf"(?<![\w/–—$€£-])(?:(?:\d{{1,2}}(?:st|nd|rd|th)?[ ])?(?P<month>{_MONTH})\.?(?:[ ]\d{{1,2}})?,?[ ](?:of[ ])?)?"
    r"(?P<year>(?:19|20)\d\d)(?![\w/%]|[–—-]\d|[.,]\d|[ ](?:to|and|until|through|or|–|-)[ ](?:19|20)\d\d)"
)
#: who publishes: names, or people whose work it is
PEOPLE = (
    r"(?:et[ ]al\.?|colleagues|co-?workers|co-?authors|others|researchers|scientists|authors|investigators|surgeons"
    r"|physicians|doctors|team|group)"
)
SAID = r"(?:found|reported|showed|published|described|concluded|wrote(?=[ ]that)|demonstrated)"
#: such as "the Journal of Bone and Joint Surgery", and words that only titles of journals have
TITLE = r"(?:the[ ])?[A-Z][\w’'.&-]{0,25}(?:[ ](?:of|and|&|the|in|for|[A-Z][\w’'.&-]{0,25})){0,12}?"
JOURNAL = r"(?:Journal|Annals|Archives|Lancet|JAMA|BMJ|NEJM|J|Med|Surg)"
