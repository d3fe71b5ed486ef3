"""What research and people of science do, as alternatives of a pattern: "shows", "compared", "believe". English."""

from __future__ import annotations


def _past(verb: str) -> str:
    if verb.endswith("e"):
        return f"{verb}d"
    return f"{verb[:-1]}ied" if verb.endswith("y") and verb[-2] not in "aeo" else f"{verb}ed"


def _third(verb: str) -> str:
    if verb.endswith(("s", "sh", "ch", "x")):
        return f"{verb}es"
    return f"{verb[:-1]}ies" if verb.endswith("y") and verb[-2] not in "aeo" else f"{verb}s"


def _all(verbs: str) -> str:
    return "|".join(form for verb in verbs.split() for form in (verb, _third(verb), _past(verb)))


def _done(verbs: str) -> str:
    return "|".join(map(_past, verbs.split()))


#: say what came of it, whatever the tense
RESULTS = (
    _all(
        """show suggest indicate demonstrate prove confirm report conclude support reveal agree disagree estimate recommend favor
        favour imply hint warn caution advise describe document highlight underline underscore illustrate predict refute debunk
        contradict challenge establish discover link argue detect identify trace credit compare overturn dispel"""
    )
    + r"|finds?|found|puts|says?|said|tells? us|told us|(?:point|hint)(?:s|ed)? (?:to|toward|towards|at|out|the|in the)|casts? doubt"
    r"|(?:calls?|called) (?:for|into question)|sid(?:es?|ed) with|rul(?:es?|ed) out|(?:bears?|bore|borne)(?: (?:this|that|it|them))? out"
    r"|(?:backs?|backed)(?: (?:this|that|it|them))?(?: up)?"
    r"|(?:comes?|came) (?:to the same|to a similar|to similar|out in favou?r|out against|down on|up empty)"
    r"|arrived? at"
    r"|reach(?:es|ed)? (?:the same|a similar|similar)|tells? (?:the same|a similar|another|a different)|g[io]ves? (?:us )?a clue"
    r"|(?:speaks?|spoke) (?:for|against)|explains? (?:why|how)|goes against|went against|looks? (?:promising|encouraging)"
)
#: how research is done: in the past, for what one's own trial does now is an announcement
WORK = (
    _done(
        """follow examine test measure track pool combine cover gather analyze analyse include randomize randomise assign recruit
        survey ask interview study count calculate replicate reproduce observe note watch weigh review explore investigate
        evaluate assess monitor surprise yield judge rate rank check collect scan sort expose question"""
    )
    + r"|looked (?:at|into|for)|enrol+ed|tried (?:to|out)|saw|put|gave|let|split|randomly (?:assigned|put|split|chose)|set out to"
)
#: with "has" or "have" in front
DONE = (
    r"shown|proven|seen|known|put|given|come (?:to|out|down)|borne(?: (?:this|that|it))? out|long known|changed (?:this|that|how|the)"
    r"|cast doubt"
)
#: what else people of science do
THOUGHTS = (
    _all("believe suspect learn propose stress urge doubt consider prefer")
    + r"|thinks?|thought|knows? that|known|now know|used to (?:think|believe|say)|debate(?:d)? (?:whether|how|why)"
)
#: doctors do many things every day; these they do as those who know
OPINIONS = (
    _all(
        "agree disagree believe recommend warn advise caution suggest suspect conclude estimate favor favour doubt prefer"
    )
    + r"|says?|said|thinks?|thought|found|discovered|showed|report|reported|learned|linked|knows? that|known|now know"
    r"|used to (?:think|believe|say|recommend)|observed|noted|tracked|studied|assigned|compared|followed|randomly assigned"
)
#: between the noun and its verb; a "not" is not among them
AUXILIARY = (
    r"(?:(?:has|have|had|also|now|already|since|long|even|often|both|all|do|does|did|still|too|again|generally|typically|seems? to"
    r"|appears? to|tends? to|continues? to|(?!only|hardly|rarely|early|family)[a-z]{3,12}ly),? ){0,3}"
)
COMPLETED = rf"(?:has|have|had)(?: (?!not|never|yet)\w{{1,15}}){{0,2}} (?:{DONE})"
