"""Who or what is appealed to, as alternatives of a pattern: studies, researchers, surgeons, learned societies. English."""

from __future__ import annotations

#: always mean research
RESEARCH = (
    r"studies|study|trials?|research|evidence|science|literature|meta-?analys[ei]s|guidelines?|(?:clinical )?trial data|position statement"
    r"|consensus statement"
)
#: mean research where a word in front says so, or where they begin the clause
PERHAPS = (
    r"data|results|findings|analys[ei]s|reviews?|papers?|surveys?|reports?|registr(?:y|ies)|experiments?|comparisons?|statistics|work|follow-?up"
    r"|cohorts?"
)
DOCTORS = (
    r"doctors|surgeons|physicians|specialists|physiotherapists|physical therapists|orthopa?edists"
    r"|(?!epidemi|bi|psych|physi)[a-z]{3,10}ologists"
)
SCIENTISTS = (
    r"scientists|research (?:teams|groups)|researchers|experts|investigators|authors"
    r"|epidemiologists|biologists|psychologists|physiologists|statisticians"
    r"|biomechanists|academics|economists"
)
#: societies and agencies, which speak for a field; they are named with capitals
SOCIETIES = (
    r"(?-i:Academy|College|Society|Association|Organi[sz]ation|Institutes?|Committee|Council|Task Force|Federation|Collaboration|League"
    r"|Foundation|Surgeons|Physicians|WHO|CDC|NIH|FDA|NICE|AAOS|ACR|OARSI|IOC|USPSTF|ACSM|EULAR)"
)
#: in their names
OF_MEDICINE = (
    r"Orthop|Surg|Medic|Rheum|Arthrit|Sport|Health|Physi|Osteo|Bone|Diabet|Heart|Pain|Nutri|Therap|Disease|Olympic|Prevent|Rehab"
    r"|WHO|CDC|NIH|FDA|NICE|AAOS|ACR|OARSI|IOC|USPSTF|ACSM|EULAR|Cochrane"
)
#: A pronoun or an auxiliary begins something else.
_OTHER_WORD = (
    r"(?!(?:we|you|i|they|he|she|it|our|your|my|who|that|which|what|how|but|to|is|are|was|were|be|has|have|had|will"
    r"|can|may|might|should|would|could|must|do|does|did|not)\b)"
)
_WORDS = rf"(?: {_OTHER_WORD}[\w’'&%,.-]{{1,30}}){{1,10}}?"
#: what belongs to the noun: "of 300 runners in Norway", "comparing the two", "that followed runners for a year"
GAP = (
    r"(?: (?:to date|so far|we have|available|(?:[a-z]{2,8} )?(?:years|months) later|last year|this year))?"
    r"(?:,? (?:of|in|on|over|from|by|at|with|about|among|into|for|behind|published|conducted|led|done|run|comparing|involving|using|testing"
    r"|examining|looking at|on record"
    r"|(?:that|which|who)(?: have| had)? (?:followed|compared|tracked|looked at|looked into|included|used|tested|measured|studied|pooled))"
    rf"{_WORDS},?)?"
)
#: behind "research" and the like: what is said of them
STATES = (
    r"clear|strong|convincing|overwhelming|solid|unequivocal|robust|compelling|consistent|promising|encouraging"
    r"|reassuring|settled|mounting|growing|building|accumulating|piling up|on the side of|in favou?r of"
    r"|behind|against|full of|rich in|good|moderate|plentiful"
)
STRONG = (
    r"good|strong|growing|solid|clear|increasing|ample|some|convincing|robust|high-quality|moderate|reliable|considerable"
    r"|overwhelming|new|recent|plenty of|a lot of|scientific|clinical|also|now|mounting|compelling|emerging|early|abundant|decent"
)
