"""Years, months, names and "recent" in the text against the references: faults are told, harmless words are not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from newsletter.check.evidence import journals, named, recent, years
from tests.check.papers import problems, told

if TYPE_CHECKING:
    from pathlib import Path

    from newsletter.check.rulebook import Rule

RULES = (*years.RULES, *recent.RULES, *named.RULES, *journals.RULES)
YEAR = "citation-year-differs"
MONTH = "citation-month-differs"
AUTHOR = "citation-author-differs"
RECENT = "citation-not-recent"

HARMLESS = (
    "A 2012 study found that stairs help [@hale2012].",
    "An April 2012 study found that stairs help [@hale2012].",
    "A study published in April 2012 found it [@hale2012].",
    "A study from 2012 found it [@hale2012].",
    "Hale et al. (2012) found it [@hale2012].",
    "Hale and colleagues, 2012 [@hale2012], found it.",
    "In 2012, Hale and colleagues [@hale2012] reported that stairs help.",
    "The study followed runners between 2010 and 2015 [@hale2012].",
    "The people were followed since 2008 in this study [@hale2012].",
    "The study uses data from 2010 [@hale2012].",
    "In 2010 patients were asked to climb stairs [@hale2012].",
    "In 2010, patients who were operated on reported pain [@hale2012].",
    "A study of 2010 patients found it [@hale2012].",
    "Of the 2010 study participants most climbed stairs [@hale2012].",
    "In a study of operations from 2006 to 2010, most walked [@hale2012].",
    "The 2008-2010 cohort study showed it [@hale2012].",
    "Before the 2010 Olympic Games a report warned of it [@hale2012].",
    "Surgery was done from 2005 to 2010; the paper appeared in 2012 [@hale2012].",
    "Two studies from 2012 and 2019 agree [@hale2012; @moreau2019].",
    "A 2019 study agrees [@hale2012; @moreau2019].",
    'The authors say "a 2010 study showed otherwise" [@hale2012].',
    "A study published online in December 2023 found it [@ito2024].",
    "A March 2024 trial found it [@ito2024].",
    "A 2023 trial found it [@ito2024].",
    "A 2019 analysis looked back [@keller2020].",
    "A 2014 study found it [@berg2014].",
    "A study published in May 2014 found it [@berg2014].",
    "A 2010 study is cited on this page [@page].",
    "A 2010 study is in press [@press].",
    "We opened our practice in 2010, and this paper agrees with what we see [@hale2012].",
    "The registry was founded in 2001, and a study from 2012 used it [@hale2012].",
    "First described in 2001, the method was tested in 2012 [@hale2012].",
    "First published in 2010, the guideline was renewed [@hale2012].",
    "Since the first report was published in 1998, much has changed [@hale2012].",
    "The review looked at 12 trials published before 2010 [@hale2012].",
    "The review looked at all trials published between 1990 and 2010 [@hale2012].",
    "Implants made in 2004 were recalled in 2010, as a paper explains [@hale2012].",
    "A study of people born in 1950 found it [@hale2012].",
    "Patients who had surgery in 2009 took part in the study [@hale2012].",
    "The study began in 2008 and ended in 2011 [@hale2012].",
    "A study that ran from 2008 found it [@hale2012].",
    "We paid $2010 for the study report [@hale2012].",
    "| Paper | What |\n|:--|:--|\n| Hale and others, 2012 [@hale2012] | Stairs |\n| Moreau and Sørensen, 2019 [@moreau2019] | Steps |",
    "A study looked at 50 runners in April 2012. It was published in 2012 [@hale2012].",
    "A 2010 study has not been repeated. Another paper found that stairs help [@hale2012].",
    "May 2012 was wet. The study found it [@hale2012].",
    "You may read the 2012 study [@hale2012].",
    "Brandt and colleagues [@hale2012] found it.",
    "van der Berg et al. [@berg2014] found it.",
    "Van der Berg et al. [@berg2014] found it.",
    "Le Goff and van der Berg [@berg2014] found it.",
    "Sorensen et al. [@moreau2019] found it.",
    "Garcia-Lopez and colleagues [@ito2024] found it.",
    "Mueller et al. [@ito2024] found it.",
    "Dr. Ken Ito and his team [@ito2024] found it.",
    "A team led by Dr. Nora Hale [@hale2012] found it.",
    "Hale's study [@hale2012] found it.",
    "Moreau and Sørensen [@moreau2019] found it.",
    "Strength and Balance [@hale2012] are both needed.",
    "Smith and colleagues had other ideas, but the newer paper settles it [@ito2024; @hale2012].",
    "While Hale and colleagues [@hale2012] found it, others did not.",
    "Surgeons and colleagues [@hale2012] agree.",
    "A report by the World Health Office [@office2021] says so.",
    "Hale et al. [@hale2012] and Moreau et al. [@moreau2019] agree.",
    "Runners in Germany and France [@hale2012] were asked.",
    "A study in the American journal of sports medicine found it [@hale2012].",
    "A recent study found it [@ito2024].",
    "A recently published study found it [@ito2024].",
    "A recent injury needs rest [@hale2012].",
    "In recent years, many have asked [@hale2012].",
    "Until recently nobody knew; then a study showed it [@hale2012].",
    "No recent study has asked this question [@hale2012].",
    "More recent studies are needed [@hale2012].",
    "Patients with a recent operation took part in the study [@hale2012].",
    "The new implant was the subject of a study [@hale2012].",
    "Recent studies agree [@hale2012; @ito2024].",
    "In the last year of the study most ran [@hale2012].",
    "You were recently found to have a sore knee [@hale2012].",
    "A study from 2012 is no longer recent [@hale2012].",
    "The authors followed 2012 hips and 2010 knees for a report [@hale2012].",
    "Our clinic published its first leaflet long ago; in 2010 the study began [@hale2012].",
    "About 2010 trial runners took part [@hale2012].",
    "In total, 2010 survey forms came back [@hale2012].",
    "By 2010 most surgeons had changed their minds, the review says [@hale2012].",
    "In 2010 the authors treated their first patient [@hale2012].",
    "In 2010, surgeons operated on 40 knees and later reported the results [@hale2012].",
    "In 2010, we found that stairs help, and so did this paper [@hale2012].",
    "The 2009 H1N1 pandemic report is no part of this paper [@hale2012].",
    "Since 2010, reports like this one have grown in number [@hale2012].",
    "From 2010 on, studies agree [@hale2012].",
    "The trial was registered in 2010 [@hale2012].",
    "The trial enrolled 60 people in May 2010 [@hale2012].",
    "The study period was 2007 to 2010 [@hale2012].",
    "Those operated on in March 2010 were asked again for the paper [@hale2012].",
    "Implants published as safe in a list of 2010 failed [@hale2012].",
    "The results came out well in 2010 and later, the study says [@hale2012].",
    "Symptoms appeared in 2010 in most of them [@hale2012].",
    "She ran the 2010 Boston Marathon before the study [@hale2012].",
    "Guidelines released in 2010 led to this study [@hale2012].",
    "The data of the 2010 census are used in the paper [@hale2012].",
    "At a 2010 congress the report was first shown [@hale2012].",
    "This issue came out in December 2026; the study is older [@hale2012].",
    "The 2012 paper has been cited often, most of all in 2019 [@hale2012].",
    "In 2020, Hale wrote to us about her study [@hale2012].",
    "Dr. Okafor, who led the 2012 study, ran himself [@hale2012].",
    "Dunn and Keller [@keller2020] found it.",
    "Keller and Dunn (2020) [@keller2020] found it.",
    "In a letter to us, Prof. Smith and colleagues praised the paper [@hale2012].",
    "A study by a team in Lille [@hale2012] found it.",
    "A review by Cochrane [@hale2012] found it.",
    "Running and Walking [@hale2012] are both fine.",
    "Read what Harris Hip Score and others [@hale2012] mean.",
    "The Oxford Hip Score and others are used in the paper [@hale2012].",
    "The team found no harm, as Ono and Zeller did [@made2022].",
    "His new knee held well, the study says [@hale2012].",
    "New studies are under way [@hale2012].",
    "A new hip was given to each in the trial [@hale2012].",
    "The recent past is not part of the study [@hale2012].",
    "Runners who recently reported pain were left out of the study [@hale2012].",
    "The most recent visit counted in this study [@hale2012].",
    "Their latest X-rays were used for the paper [@hale2012].",
    "Bring your latest report to the visit [@hale2012].",
    "Last year we saw 100 knees, as many as the study [@hale2012].",
    "A newly published study found it [@ito2024].",
    "The paper has 2012 words [@moreau2019].",
    "Her hip was replaced in June 2010. A study found that most can run again [@hale2012].",
    "The surgeon published widely until 2010; this paper is from 2012 [@hale2012].",
    "As of 2010, reports, reviews and trials were few, one paper says [@hale2012].",
    "Between January 2008 and June 2010 a team in Lille asked runners; their report is from 2012 [@hale2012].",
    "For the report the authors used the 2010 National Health Survey [@hale2012].",
    "The clinic in Lyon (2010) took part in the study [@hale2012].",
    "Patients from 2008, 2009 and 2010 are in the study [@hale2012].",
    "At 2 years, 90% of the 2010 group in the study ran [@hale2012].",
    "Between 2003 and 2009, one surgeon resurfaced 2010 hips, and the study followed all of them [@hale2012].",
    "The mean follow-up was 33 months, and by May 2010 all had answered the survey [@hale2012].",
    "The implant was withdrawn in 2010 after reports from Australia and England [@hale2012].",
    "The National Joint Registry's 2010 annual report is the source of this figure in the study [@hale2012].",
    "The FDA published its warning in 2010; two years later came the study [@hale2012].",
    "He had his surgery in March 2008, ran a marathon in 2010, and read this paper [@hale2012].",
    "Since January 2011 we have asked every runner, and our numbers agree with the paper [@hale2012].",
    "Of 120 patients seen from 2007 through 2009, 40 were in the study [@hale2012].",
    "The database was searched for studies published between 2000 and 2011 [@hale2012].",
    "The database was searched for trials published before January 2011 [@hale2012].",
    "The review covers reports from 1995 to 2011 [@hale2012].",
    'The authors cite a "2009 study" that they could not repeat [@hale2012].',
    "Dr. Hale joined Lille University Hospital in 2005 and led the study [@hale2012].",
    "The protocol, registered in 2009, asked for 40 runners, as the paper says [@hale2012].",
    "Run 2012 steps a day, the report says [@moreau2019].",
    "More than 2000 patients were in the study [@hale2012].",
    "The study had 2,010 hips [@hale2012].",
    "In the 2000s, few studies asked about running [@hale2012].",
    "In the 1990s a study had found otherwise, and this one settles it [@hale2012].",
    "The 1990s trials were small [@hale2012].",
    "Those born before 1960 were left out of the study [@hale2012].",
    "The hospital's 2011 guideline was not part of the trial [@hale2012].",
    "The London 2012 study group climbed more stairs [@moreau2019].",
    "Our 2010 patients did as well as those in the study [@hale2012].",
    "Patients operated on in 2010 were reviewed in 2011 for the paper [@hale2012].",
    "A study of 50 knees operated on in May 2010 [@hale2012].",
    "The trial ran in 2009 and 2010 [@hale2012].",
    "In a trial of 2010 and 2011, now published, stairs helped [@hale2012].",
    "The questionnaire was published in 1969 by Harris and is used in the study [@hale2012].",
    "The Harris Hip Score, published in 1969, is used in the study [@hale2012].",
    "A score published in 1998 was used to measure pain [@hale2012].",
    "Using a method described in 1984, the team measured steps [@hale2012].",
    "Kaplan and Meier curves are in the paper [@hale2012].",
    "The Kaplan and Meier method [@hale2012] is used.",
    "Birmingham and Conserve implants [@hale2012] were used.",
    "The test of Mann and Whitney [@hale2012] was used.",
    "As Dr. Calloway and colleagues of ours explain on page 2, the paper is sound [@hale2012].",
    "Smith and Nephew [@hale2012] makes the implant.",
    "Johnson and Johnson paid for the study [@hale2012].",
    "Our physiotherapist Maren Ostrow and her team use these stairs, and a trial supports them [@hale2012].",
    "Professor Derek McMinn and colleagues invented the implant that this trial used [@hale2012].",
    "The method of Amstutz and others is described in the paper [@hale2012].",
    "Patients and their families [@hale2012] ask often.",
    "Hospitals in France and Belgium [@hale2012] took part.",
    "The journal of her runs was part of the study [@hale2012].",
    "Keep a journal of pain and bring it [@hale2012].",
    "The Journal is on our shelf [@hale2012].",
    "The Hip Society and The Knee Society agree with the paper [@hale2012].",
    "The Department of Sports Medicine published the study [@hale2012].",
    "Bone, Cartilage and Pain are its chapters [@hale2012].",
    "*Cartilage* is the smooth cover of a joint [@hale2012].",
    "*Spine* and *Hip*: both are joints of the study [@hale2012].",
    "Pain in *Bone* is rare [@berg2014].",
    "Trials in Medicine are hard, says the paper [@hale2012].",
    "The College of Physicians and the Annals Club agree [@hale2012].",
    "Stanford's Clinical Orthopaedics and Sports Medicine Center agrees [@hale2012].",
    "The Center for Orthopaedic Surgery and Sports Medicine agrees [@hale2012].",
    "The European Society of Sports Traumatology, Knee Surgery and Arthroscopy agrees [@berg2014].",
    "Physical Therapy helped most in the study [@hale2012].",
    "He studied Physical Therapy in Lille [@hale2012].",
    "Science has no last word, and Nature neither, says the paper [@hale2012].",
    "Recent X-rays were needed for the study [@hale2012].",
    "If you had a recent fall, the study does not speak of you [@hale2012].",
    "The newest implants were not part of this trial [@hale2012].",
    "A new exercise was tested in this trial [@hale2012].",
    "You may have read recently that stairs harm; the study says no [@hale2012].",
    "The latest data of the registry are not in the paper [@hale2012].",
    "The study's most recent follow-up was in 2011 [@hale2012].",
    "This year we read an old paper again [@hale2012].",
    "Last year's patients did as well as those in the study [@hale2012].",
    "Published last in a row of ten, the study is clear [@hale2012].",
)
FAULTS = (
    (YEAR, "A 2013 study found that stairs help [@hale2012]."),
    (YEAR, "In a 2011 prospective study, stairs helped [@hale2012]."),
    (YEAR, "The 2013 French trial found it [@hale2012]."),
    (YEAR, "A large, careful 2013 review and meta-analysis found it [@hale2012]."),
    (YEAR, "A study from 2013 found it [@hale2012]."),
    (YEAR, "A study published in 2013 found it [@hale2012]."),
    (YEAR, "A study published in April 2013 found it [@hale2012]."),
    (YEAR, "A study, published online in 2013, found it [@hale2012]."),
    (YEAR, "A study published in the *American Journal of Sports Medicine* in 2013 found it [@hale2012]."),
    (YEAR, "A study published in The American Journal of Sports Medicine (2013) found it [@hale2012]."),
    (YEAR, "Hale et al. (2013) found it [@hale2012]."),
    (YEAR, "Hale and colleagues, 2013 [@hale2012], found it."),
    (YEAR, "In 2013, Hale and colleagues [@hale2012] reported that stairs help."),
    (YEAR, "In 2013, French researchers found that stairs help [@hale2012]."),
    (YEAR, "Hale and colleagues reported in 2013 that stairs help [@hale2012]."),
    (YEAR, "The paper appeared in 2013 [@hale2012]."),
    (YEAR, "A 2013 study by Hale and colleagues [@hale2012] found it."),
    (YEAR, "A study from May 2014 found it [@hale2012]."),
    (YEAR, "A study published in 2013 looked at runners. It found that stairs help [@hale2012]."),
    (YEAR, "A study found that stairs help [@hale2012]. It was published in 2013."),
    (YEAR, "| Paper | What |\n|:--|:--|\n| Hale and others, 2013 [@hale2012] | Stairs |"),
    (YEAR, "- A 2013 study found it [@hale2012]."),
    (YEAR, "A 2013 study agrees [@hale2012; @moreau2019]."),
    (YEAR, "A 2013 survey [@office2021] says so."),
    (YEAR, "A 2022 trial found it [@ito2024]."),
    (YEAR, "The study by Hale and colleagues from 2013 found it [@hale2012]."),
    (YEAR, "The June 2013 issue of the journal has it [@hale2012]."),
    (MONTH, "A study published in May 2012 found it [@hale2012]."),
    (MONTH, "A study published on 16 May 2012 found it [@hale2012]."),
    (MONTH, "A May 2012 study found it [@hale2012]."),
    (MONTH, "A study from March 2012 found it [@hale2012]."),
    (MONTH, "A study published in the American Journal of Sports Medicine in March 2012 found it [@hale2012]."),
    (MONTH, "A January 2024 trial found it [@ito2024]."),
    (MONTH, "It appeared in Sept. 2012 [@hale2012]."),
    (AUTHOR, "Hall et al. [@hale2012] found it."),
    (AUTHOR, "Smith and colleagues [@hale2012] found it."),
    (AUTHOR, "Smith et al. (2012) [@hale2012] found it."),
    (AUTHOR, "In 2012, Smith and his team [@hale2012] found it."),
    (AUTHOR, "Moreau and Smith [@moreau2019] found it."),
    (AUTHOR, "A trial by Smith and Jones [@moreau2019] found it."),
    (AUTHOR, "| Smith and others, 2012 [@hale2012] | Stairs |\n|:--|:--|\n| a | b |"),
    (AUTHOR, "Hale et al. [@moreau2019] and Moreau et al. [@moreau2019] agree."),
    (f"i:{AUTHOR}", "A team led by Dr. Paul Smith [@hale2012] found it."),
    (f"i:{AUTHOR}", "Smith's study [@hale2012] found it."),
    (f"i:{AUTHOR}", "Smith and colleagues found that stairs help people who had an operation [@hale2012]."),
    (RECENT, "A recent study found it [@hale2012]."),
    (RECENT, "Recent studies found it [@hale2012; @moreau2019]."),
    (RECENT, "A recent prospective trial found it [@hale2012]."),
    (RECENT, "A recently published paper found it [@hale2012]."),
    (RECENT, "It was published recently [@hale2012]."),
    (RECENT, "Recently, French researchers found that stairs help [@hale2012]."),
    (RECENT, "Last year's trial found it [@ito2024]."),
    (RECENT, "A study published last year found it [@hale2012]."),
    (RECENT, "This year’s big review says so [@ito2024]."),
    (f"i:{RECENT}", "A new study found it [@hale2012]."),
    (f"i:{RECENT}", "The latest study found it [@hale2012]."),
    (RECENT, "Recent research shows it [@hale2012]."),
    (YEAR, "According to a 2018 study in The Bone & Joint Journal, most can walk [@moreau2019]."),
    (YEAR, "In the November 2018 issue of The Bone & Joint Journal, a team says so [@moreau2019]."),
    (YEAR, "A study published Nov. 2018 in The Bone & Joint Journal says so [@moreau2019]."),
    (MONTH, "A study published Oct. 2019 in The Bone & Joint Journal says so [@moreau2019]."),
    (YEAR, "An article in the Journal of Bone and Joint Surgery (June 2007) says so [@us2006]."),
    (YEAR, "A study that was published in 2018 says so [@moreau2019]."),
    (YEAR, "In November 2018, The Bone & Joint Journal published a study that says so [@moreau2019]."),
    (YEAR, "The Bone & Joint Journal published it in November 2018 [@moreau2019]."),
    (MONTH, "Researchers published their findings in October 2019 in The Bone & Joint Journal [@moreau2019]."),
    (YEAR, "In a 2013 paper, *running* was studied [@hale2012]."),
    (YEAR, "One study (2013) says so [@hale2012]."),
    (YEAR, "A paper dated 2013 says so [@hale2012]."),
    (YEAR, "Their 2013 article says so [@hale2012]."),
    (YEAR, "As the 2013 meta-analysis shows, stairs help [@hale2012]."),
    (YEAR, "Hale, Brandt and colleagues (2014) say so [@hale2012]."),
    (YEAR, "A study published by Hale and colleagues in 2013 says so [@hale2012]."),
    (YEAR, "Research published in 2013 says so [@hale2012]."),
    (MONTH, "Results published in May 2012 say so [@hale2012]."),
    (AUTHOR, "Schmidt et al. say so [@hale2012]."),
    (AUTHOR, "As Schmidt et al. [@hale2012] say, stairs help."),
    (AUTHOR, "(Schmidt et al., 2012) [@hale2012] says so."),
    (YEAR, "Published in Osteoarthritis and Cartilage in 2021, this study found it [@ito2024]."),
    (YEAR, "The team from Lille, writing in The Bone & Joint Journal in 2018, found it [@moreau2019]."),
    (YEAR, "A team from New York (HSS Journal, 2018) found it [@keller2020]."),
    (MONTH, "The study is in the October 2019 Bone & Joint Journal [@moreau2019]."),
    (RECENT, "A newly published study found it [@hale2012]."),
)


#: y a year, m a month, n a name, j a journal
WAYS = (
    "A {y} study of 40 runners found that stairs help",
    "In a {y} study, 40 runners climbed stairs",
    "In one {y} study of stairs, runners did well",
    "One study from {y} followed 40 runners",
    "A prospective study from {y} followed 40 runners",
    "The study, published in {y}, followed 40 runners",
    "The study was published in {m} {y}",
    "The study was first published online in {m} {y}",
    "A study published in {m} of {y} showed this",
    "A study published {m} {y} showed this",
    "A {m} {y} study showed this",
    "The {m} {y} issue of {j} carried a study",
    "In {m} {y}, {j} published a study of stairs",
    "In {m} {y}, {n} and colleagues reported that stairs help",
    "In {y}, {n} et al. found that stairs help",
    "In {y}, a French team led by {n} reported that stairs help",
    "{n} et al. ({y}) found that stairs help",
    "{n} et al., {y}",
    "{n} and co-workers ({y}) followed 40 runners",
    "{n} and her team published a paper in {j} in {m} {y}",
    "Their paper appeared in {j} in {m} {y}",
    "It appeared in the {m} {y} issue of {j}",
    "A paper in {j} ({m} {y}) says that stairs help",
    "A paper in {j}, published in {m} {y}, says that stairs help",
    "According to a {y} paper in {j}, stairs help",
    "According to a study in {j} from {y}, stairs help",
    "As reported in {j} in {y}, stairs help",
    "As a {y} review put it, stairs help",
    "Back in {y}, {n} and colleagues showed that stairs help",
    "A team of surgeons reported in {j} in {m} {y} that stairs help",
    "Research published in {j} in {y} says that stairs help",
    "Surgeons from Lille published their results in {m} {y}",
    "The results were published in {m} {y} in {j}",
    "The findings ({j}, {m} {y}) are clear",
    "The article (published {m} {y}) is clear",
    "Published in {m} {y}, the study is clear",
    "This {y} trial is clear",
    "Since a {y} study showed that stairs help, many climb",
    "We know from a {y} study that stairs help",
    "We know from the {y} paper by {n} that stairs help",
    "{n}'s {y} study is clear",
    "{n} and colleagues published the study in {y}",
    "{n} and Brandt published the study in {y}",
    "A clinical trial published by {n} and colleagues in {j} in {m} {y} is clear",
    "Stairs help, a {y} paper says",
    "Stairs help, {j} reported in {m} {y}",
    "Stairs help ({n} et al., {y})",
    "Stairs help ({n} and Brandt, {y})",
    "The study dates from {y}",
    "This study is from {y}",
    "The study came out in {m} {y}",
    "The study, which came out in {m} {y}, is clear",
    "The paper is from {m} {y}",
    "A paper from {m} {y} is clear",
    "A study that appeared in {j} in {m} {y} is clear",
    "A landmark {y} study in {j} is clear",
    "The {y} {n} study is clear",
    "The study ({j} {y}) is clear",
    "In its {m} {y} issue, {j} has a study",
)
RIGHT = {"y": "2012", "m": "April", "n": "Hale", "j": "The American Journal of Sports Medicine"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One for all tests of this file: each writes its own issue."""
    return tmp_path_factory.mktemp("issues")


@pytest.mark.parametrize("text", HARMLESS)
def test_harmless_words_raise_nothing(text: str, folder: Path) -> None:
    assert told(folder, text, RULES) == []


@pytest.mark.parametrize(("code", "text"), FAULTS)
def test_a_fault_is_told_by_the_rule_meant_for_it_and_no_other(code: str, text: str, folder: Path) -> None:
    assert told(folder, text, RULES) == [code]


@pytest.mark.parametrize("way", WAYS)
def test_a_year_or_month_is_found_whatever_the_words_around_it(way: str, folder: Path) -> None:
    def codes(**wrong: str) -> list[str]:
        return told(folder, f"{way.format(**{**RIGHT, **wrong})} [@hale2012].", RULES)

    assert codes() == []
    assert codes(y="2014") == [YEAR]
    if "{m}" in way:
        assert codes(m="June") == [MONTH]
    if "{j}" in way:
        assert codes(j="The Journal of Arthroplasty") == ["citation-journal-differs"]


@pytest.mark.parametrize(
    ("rules", "text", "column", "message"),
    [
        (
            years.RULES,
            "In a 2013 study, stairs help [@hale2012].",
            6,
            "the text says 2013, but `hale2012` appeared in April 2012",
        ),
        (
            years.RULES,
            "Two papers from 2019 agree; a 2018 trial too [@hale2012; @moreau2019].",
            31,
            "the text says 2018, but `hale2012` appeared in April 2012 and `moreau2019` in November 2019",
        ),
        (
            years.RULES,
            "A study from *March* 2012 agrees [@hale2012].",
            15,
            "the text says March 2012, but `hale2012` appeared in April 2012",
        ),
        (
            named.RULES,
            "As Smith et al. [@hale2012] say, rest.",
            4,
            "the text names Smith, but `hale2012` is by Hale, Brandt, Okafor",
        ),
        (
            recent.RULES,
            "A **recent** study agrees [@berg2014].",
            5,
            'the text says "recent", but `berg2014` appeared in 2014',
        ),
    ],
)
def test_what_is_told_names_both_sides_and_the_place(
    rules: tuple[Rule[object], ...], text: str, column: int, message: str, folder: Path
) -> None:
    (found,) = problems(folder, text, rules)
    assert (found.place.line, found.place.column, found.message) == (1, column, message)


def test_other_languages_are_left_alone(folder: Path) -> None:
    head = "---\ntitle: Gehen\nlanguage: de\n---\n"
    assert told(folder, f"{head}A 2013 study found it [@hale2012].", RULES) == []


def test_quotations_are_left_alone(folder: Path) -> None:
    told_by_others = "A 2013 study found it [@hale2012]."
    text = f'::: quote attribution="Ada Example"\n{told_by_others}\n:::\n\n> {told_by_others}'
    assert told(folder, text, RULES) == []


def test_our_own_people_may_speak_about_a_paper(folder: Path) -> None:
    head = "---\ntitle: Walking\nauthors: Dr. Ada Example\n---\n"
    assert told(folder, f"{head}Dr. Example and colleagues [@hale2012] agree.", RULES) == []


@pytest.mark.parametrize(
    "text",
    [
        "a 2013 study " * 1000,
        "Smith et al. " * 1000,
        "published in the Journal of A " * 700,
        "van der " * 2000 + "Berg et al. ",
        "A’" * 6000 + " et al. ",
        "In 2012, " + "Lille " * 2500,
    ],
)
def test_hostile_words_do_no_harm(text: str, folder: Path) -> None:
    assert len(problems(folder, f"{text}[@hale2012].", RULES)) <= 400
