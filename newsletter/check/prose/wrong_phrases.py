"""What is spelled right and still always wrong, and what was meant: the table that `wrong-words` looks for.

Whole words, whatever their case; a space is any white space, an apostrophe any apostrophe. `(?=...)` at the end looks at what
follows, so that only the wrong use is met: "could of" but not "could of course". Of two readings the table has only the one
that cannot be right: "longer then you think", not "longer then you rest".
"""

from __future__ import annotations

_COMPARED = (
    "more|less|fewer|greater|higher|lower|longer|shorter|older|younger|better|worse|stronger|weaker|faster|slower|stiffer|"
    "tighter|looser|softer|thicker|thinner|warmer|colder|deeper|wider|further|farther|larger|smaller|bigger|heavier|lighter|easier|harder|quicker|"
    "safer|more (?:often|painful|likely|effective|"
    "important|difficult|common|useful|comfortable)"
)
_MEASURE = (
    r"the|an?|those|that|before|expected|others|usual|most (?:people|patients|runners|of)|what (?:is|was|you|we|they|most)|"
    r"(?:i|you|we|they|it|he|she|people|many) (?:think|thought|hoped?|expect|expected|needed|did|does|used|was|realize|believe)|"
    r"one|two|three|four|five|six|seven|eight|nine|ten|\d[\d,.]*"
)
_YOURS = "own|doctor|surgeon|knees?|hips?|shoulders?|body|appointment|health|physician|pain|therapist"
_LIMBS = "heels?|foot|feet|arms?|legs?|ankles?|elbows?|wrists?|neck|spine|muscles|shoes"
_MAY = "can|cannot|can't|could|may|might|will|would|should|must|don't|won't|do not|not|never"
_LOST = (
    "weight|strength|muscle|sleep|balance|mileage|bone|blood|fat|height|control|hope|time|fitness|mobility|motion|your"
)
_OWNED = "strength|shape|length|size|normal|full|original|job|name|place|edge|position|natural|range|function"
_WHETHER = "(?:you|it|he|she|they|we|this|your|there|the|an?|to|surgery)"
_PLEASED = "you|your|us|our|them|their|the|how"

WRONG: tuple[tuple[str, str], ...] = (
    # left from editing
    ("into to", "into"),
    ("onto to", "onto"),
    ("of to (?=the|a|an)", "of, or to"),
    ("a the", "the"),
    ("an the", "the"),
    ("the an", "the, or an"),
    ("is are", "is, or are"),
    ("are is", "are, or is"),
    ("was were", "was, or were"),
    ("has have", "has, or have"),
    ("have has", "have, or has"),
    ("(?:has|have|had) being (?=shown|used|found|done|treated|given|linked|able)", "been"),
    ("to be be", "to be"),
    ("more (?:better|easier|faster|stronger|safer|healthier)", "only one of the two words"),
    ("more (?:longer|shorter|weaker|stiffer|slower|higher|lower|worse) (?=than|then)", "only one of the two words"),
    ("most (?:best|easiest|safest|strongest)", "only one of the two words"),
    # `of` for `have`
    ("(?:could|should|would|might) of (?!course|late|necessity)(?=[a-z])", "... have"),
    ("must of (?=been|had|done|gone|felt|made)", "must have"),
    # affect and effect
    ("side affects?", "side effects"),
    ("(?:has|have|had|having) (?:an?|no|little|any|some|great|positive|negative) affect(?= on)", "effect"),
    (
        "(?:no|an?|the|its|any|little|lasting|direct|adverse|big|small|strong|same|similar|significant) affects?(?= on)",
        "effect",
    ),
    ("the affects? of", "the effects of"),
    ("(?:take|takes|took|taking) affect", "... effect"),
    ("(?:does|did|will|may|can|could|would|not) effect (?=you|your|his|her|their|how|patients)", "affect"),
    ("it effects (?=you|your|his|her|their|our|us|them|how|what|everyone)", "affects"),
    (rf"how (?!(?:side|adverse|drug|after|the|these|those|its|their)\b)[a-z]+ effects (?={_PLEASED})", "affects"),
    ("effects how (?=you|your|my|our|we|they|the|much|well)", "affects how"),
    # one sound, two spellings
    ("your welcome", "you're welcome"),
    ("your (?=going to|not|able to|ready to|allowed to|unable to)", "you're"),
    (
        "(?:if|when|once|until|unless|because) your (?=unsure|sure|ready(?!-)|pregnant|allergic|taking|in pain)",
        "you're",
    ),
    ("(?:if|when|once|until) your done(?=[,.;]| with)", "you're"),
    (f"you're (?={_YOURS}|{_LIMBS})", "your"),
    ("its (?=been|not|an?|never|too|important to|possible to|best to|time to|okay to|safe to|normal to)", "it's"),
    ("it's (?=own|effects?|benefits?|surface|role|purpose)", "its"),
    (f"(?:lost|loses|lose|losing|regain|regains|regained|keeps|of|from) it's (?={_OWNED})", "its"),
    ("their (?=is|are|was|were|has been|will be)", "there"),
    ("there (?=own|doctors?|surgeons?|knees?|hips?)", "their"),
    ("they're (?=own)", "their"),
    ("they're (?=are|is|was|were)", "there"),
    ("theirs (?=no (?:need|reason|doubt|point|rush|harm|way))", "there's"),
    ("whose (?=been|going to)", "who's"),
    ("who's (?=knees?|hips?|pain|symptoms|doctor|surgeon|body)", "whose"),
    (f"(?:{_COMPARED}) then (?={_MEASURE})", "... than"),
    ("(?:rather|other|sooner|different) then", "... than"),
    (
        "(?:more|less|fewer) [a-z]+ then (?=(?:you|we|they|people) (?:think|thought|expect|expected|hoped?|need|needed))",
        "... than",
    ),
    ("more often then not", "more often than not"),
    ("(?:since|until) than", "... then"),
    ("weather or not", "whether or not"),
    (
        f"(?:ask|asked|know|knew|see|decide|decided|tell|wonder|wondered|check|matter|matters|sure|unsure|us) weather (?={_WHETHER})",
        "whether",
    ),
    (
        "maybe (?=seen|given|done|able to|due to|expected of|used (?:for|in)|needed|removed (?:after|by|in|at|if|when))",
        "may be",
    ),
    ("maybe (?:asked|expected|advised|required|told|used) to", "may be"),
    ("loose (?=weight)", "lose"),
    (f"(?:{_MAY}) loose (?={_LOST})", "lose"),
    ("loose (?=a (?:little|lot|bit|few))", "lose"),
    ("loosing (?=weight|strength|muscle|balance|blood|your)", "losing"),
    ("principle (?=investigators?|authors?|cause|reason)", "principal"),
    ("medical advise", "medical advice"),
    ("advice (?=you to|patients to)", "advise"),
    (
        "(?:will|would|can|may|could|must|should|we|not) advice (?=you|patients|him|her|them|against|runners|people)",
        "advise",
    ),
    ("to much (?=pain|weight|stress|load|pressure|exercise|strain)", "too much"),
    ("to (?:early|late) (?=to|for)", "too ..."),
    (r"(?:running|sports?|walking|work|activity|training|moving|driving) to (?:early|soon|much)", "too ..."),
    (
        "(?:is|are|was|were|feels?|seems?) to (?:important|small|large|big|weak|tight|painful|stiff|heavy|hard|late) (?=to|for)",
        "too",
    ),
    ("(?:and|to|then|please|should|can|must|cannot) breath (?=deeply|slowly|normally|in|out)", "breathe"),
    ("deep breathe", "deep breath"),
    ("per say", "per se"),
    ("for all intensive purposes", "for all intents and purposes"),
    ("peek (?=performance|condition|flow)", "peak"),
    ("piece of mind", "peace of mind"),
    ("heal (?=spurs?|strikes?|cord)", "heel"),
    ("heals? of (?=your (?:foot|feet))", "heel of"),
    (
        "(?:is|are|was|were) quiet (?=small|large|common|rare|good|different|simple|painful|normal|safe|sore|hard|easy)",
        "quite",
    ),
    ("sooth(?! to say)", "soothe"),
    ("bare (?=in mind|with us)", "bear"),
    ("(?:can|cannot|could|to|not|may|fully|partly) bare (?=(?:the |your |any |full |your full )?weight)", "bear"),
    ("weight[ -]baring", "weight-bearing"),
    ("stationery (?=bikes?|bicycles?|cycles?|cycling|trainers?)", "stationary"),
    ("(?:important|key|major|central|vital|crucial) roll (?=in|for)", "role"),
    ("(?:please|slowly|then) role (?=onto|over|your|up|down)", "roll"),
    ("we except (?=most|all|many|your|insurance|new|patients|medicare|credit)", "accept"),
    ("(?:you|patients|people|they) can except (?=some|an?|to)", "expect"),
    ("(?:everyone|everybody|nothing|everything|nobody|anything) accept (?=the|for|when|those|an?)", "except"),
    ("ensures? (?=(?:you|him|her|them|patients) that)", "assure"),
    ("the passed (?=years?|months?|weeks?|days?|decades?|few)", "the past"),
    ("(?:we|to|will|can|may|they) asses (?=the|your|whether|how|his|her|their|pain|patients)", "assess"),
    ("(?:clinical|controlled|randomized|randomised) (?:controlled )?trails?", "trial"),
    ("perspective (?=cohort|trial|randomi[sz]ed)", "prospective"),
    ("statically (?=significant)", "statistically"),
    ("public (?=symphysis|ramus|rami|bones?(?! of))", "pubic"),
    ("patience (?=who|were|had)", "patients"),
    ("(?:is|are|was|were|am|be) suppose to", "supposed to"),
    ("as oppose to", "as opposed to"),
    ("(?:would|could|should) be use (?=to|for|in)", "used"),
    ("(?:is|are|was|were|am|get|gets|got|getting|been|become) use to", "used to"),
    # one word or two
    ("alot", "a lot"),
    ("aswell", "as well"),
    ("infact", "in fact"),
    ("inspite", "in spite"),
    ("incase", "in case"),
    ("atleast", "at least"),
    ("eachother", "each other"),
    ("thankyou", "thank you"),
    ("noone", "no one"),
    ("upto", "up to"),
    ("an other", "another"),
    ("it self", "itself"),
    ("in regards to", "in regard to"),
    ("irregardless", "regardless"),
    # without their apostrophe
    ("dont", "don't"),
    ("doesnt", "doesn't"),
    ("didnt", "didn't"),
    ("isnt", "isn't"),
    ("arent", "aren't"),
    ("wasnt", "wasn't"),
    ("shouldnt", "shouldn't"),
    ("couldnt", "couldn't"),
    ("wouldnt", "wouldn't"),
    ("wont (?=be|have|need|hurt|help|heal)", "won't"),
    ("youre", "you're"),
    ("theyre", "they're"),
)

#: the single words among them, which no dictionary has either
WRONG_WORDS = frozenset(wrong for wrong, _ in WRONG if wrong.isalpha())
