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
#: works of experts that are published too, but are no studies
GUIDE = (
    r"(?:guidelines?|guidance|recommendations?|consensus(?:[ ](?:statement|paper))?|(?:position|policy)[ ](?:statement|paper|stand)"
    r"|fact[ ]sheet)"
)
#: what a study brings
RESULTS = r"(?:findings|results|research|evidence|work)"
#: who publishes: names, or people whose work it is
PEOPLE = (
    r"(?:et[ ]al\.?|colleagues|co-?workers|co-?authors|others|[Rr]esearchers|[Ss]cientists|authors|[Ii]nvestigators|[Ss]urgeons"
    r"|[Pp]hysicians|[Dd]octors|[Ee]xperts|[Ss]pecialists|[Cc]linicians|team|group)"
)
SAID = (
    r"(?:found|reported|showed|published|described|concluded|wrote(?=[ ](?:that|in)[ ])|demonstrated|agreed|observed|confirmed|argued"
    r"|warned|announced|stated|noted|proved)"
)
#: what a study does, in the present
SAYS = (
    r"(?:agrees|shows|finds|suggests|looks|compares|reports|follows|says|tells|supports|confirms|concludes|describes|explains|warns"
    r"|asks|gives|offers|points|makes|uses|tests|lists|reviews|does|goes|adds|raises|helps|comes|deals|covers|includes|claims|argues"
    r"|measures|sets|sums|puts|links|backs|recommends|advises|settles|proves|demonstrates|indicates|provides|reveals|favou?rs|finds"
    r"|answers|remains|speaks|sheds|changes|brings|holds|keeps|takes|leaves|calls|notes|states|means|draws|hints|challenges)"
)
#: what the makers of a study did, years before they published it perhaps
DID = (
    r"(?:looked|followed|studied|compared|tested|examined|asked|measured|reviewed|pooled|analy[sz]ed|surveyed|interviewed|tracked"
    r"|put|let|split|sent|tried|combined|evaluated|assessed|investigated|explored|randomi[sz]ed|randomly|assigned|set[ ]out|gave)"
)
#: such as "the Journal of Bone and Joint Surgery", and words that only titles of journals have
TITLE = r"(?:the[ ])?[A-Z][\w’'.&-]{0,25}(?:[ ](?:of|and|&|the|in|for|[A-Z][\w’'.&-]{0,25})){0,12}?"
JOURNAL = r"(?:Journal|Annals|Archives|Lancet|JAMA|BMJ|NEJM|J|Med|Surg)"
