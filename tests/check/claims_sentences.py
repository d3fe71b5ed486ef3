"""Sentences of two kinds of made-up clinics: careful ones, in which nothing is to be signed, and slogans. One in a line."""

from __future__ import annotations

CAREFUL = """\
Most people who had the operation were walking without a stick after six weeks.
PRP is made from a sample of your own blood, which is spun so that the platelets collect.
In the trial, the PRP group and the saline group had the same pain scores at one year.
Whether an injection of bone marrow cells slows arthritis is still being studied.
We do not offer stem cell treatments, because the evidence is not there yet.
Clinics that advertise stem cells often charge several thousand dollars; the FDA has warned about them.
Ask what the treatment costs, and what happens if it does not work.
About one person in ten is still in pain a year after a knee replacement.
There are risks: infection, blood clots, and a stiff joint.
If a website promises that your cartilage will grow back, be wary.
Cartilage has few blood vessels, so it heals slowly, if at all.
The surgeon can repair some meniscal tears; others are trimmed.
Exercise will not rebuild the joint, but it makes the muscles around it stronger.
The review found no evidence that glucosamine slows the loss of cartilage.
You may be able to put off surgery for some years with exercise and weight loss.
Physical therapy was as good as surgery for this kind of tear in two trials.
Some people decide against surgery and do well; others wish they had gone earlier.
Not every hip that hurts needs a new joint.
We will tell you honestly if we think that an operation would not help.
A cortisone injection can ease the pain for a few weeks.
The study followed 212 patients for five years; 14 had a second operation.
Your physical therapist will show you how to climb stairs safely.
Take the full dose of pain medication before your first session, so that you can move.
Ninety-two percent of the implants were still in place after fifteen years.
Pain after the operation is normal and gets better over weeks, not days.
The best results were seen in people who kept exercising.
Our surgeons did 412 hip replacements last year.
Dr. Lund has been with the practice since 2012 and is board certified in orthopedic surgery.
There is no single best exercise for a sore back.
The most common complication was a wound infection, in 2 of 100 patients.
Weight loss of 10 percent was linked to half the knee pain in one trial.
No brace has been shown to slow arthritis.
Swelling that is painless but grows should be looked at.
Being free of pain at rest is a good sign, but it does not mean that the tendon has healed.
Bone heals faster in people who do not smoke.
A fracture of the wrist usually heals within six weeks in a cast.
Her knee still aches on cold mornings, but she hikes again on weekends, she told us.
Dry needling did no better than a sham in most studies.
Platelet-rich plasma has not been approved by the FDA for tendon problems; using it that way is off-label.
Call us right away if your calf swells or you are short of breath.
The gold standard for this question would be a large randomized trial, and there is none.
Many patients ask us about supplements; most of them do nothing for joints.
Early weight bearing was safe in this study, but the follow-up was short.
Both groups improved, and the difference between them was small.
You do not need to stop running because you have arthritis.
It is normal to be nervous before surgery.
The new clinic opens on Monday, with free parking behind the building.
Our holiday hours: we close at noon on December 24.
Flu shots are offered on Tuesdays for $25.
Insurance covers the visit, but not the injection, which costs $650.
The claim that running ruins knees has been tested, and it does not hold up.
One in five patients was not satisfied with the result.
Children's bones remodel, which is why a slightly crooked fracture can straighten with growth.
An MRI is not needed for most back pain.
The hip was replaced without cement.
Regenerative medicine is a wide term; for joints, little of it has been tested well.
We cannot say how long your relief will last.
Read the label, and never take two medicines with acetaminophen at once.
Nerves regrow slowly after an injury, about an inch a month.
A second opinion is always a good idea before surgery.
Five of the nine trials found a benefit of PRP for the elbow, and four did not.
Hyaluronic acid injections are no longer recommended by the guideline.
After a hip replacement you can usually drive again after six weeks.
Plan for a week away from your desk, and longer if your work is heavy.
Some pain in the first days is to be expected; the nurses will help you.
There is no pill that stops arthritis.
He plays golf again, but he gave up tennis.
Strong thighs take load off the knee.
Studies of stem cells for arthritis have been small, and most had no control group.
The FDA has not approved any stem cell product for arthritis.
A registry counts every new hip in the country and when it is replaced.
Most disc herniations shrink on their own within months.
The best brace is the one that you wear.
Is it safe to fly after surgery? Wait for four weeks.
Sleep on your back, with a pillow under the arm.
In rats, the cells formed new cartilage; in people, that has not been shown.
An operation is the better choice for a few of these fractures.
Ask how often the surgeon does this operation, and what the infection rate is.
The exercises take ten minutes a day and need no equipment.
Talk with your doctor before you stop taking any medicine.
The tendon is sewn back to the bone through small holes.
Our open house has free coffee and a special guest.
Two of our doctors will speak about knee pain on Thursday.
The knee felt better after a month, but so did the knees in the placebo group.
We use PRP for tennis elbow only, and only after exercise has failed.
Smoking doubles the risk that a repaired tendon tears again.
The joint is never as good as new, but most people forget about it after a year.
Heat or ice? Use what feels better.
Guarantees are not given in medicine, and we give none.
Beware of clinics that claim to treat forty illnesses with one injection.
Take acetaminophen first; it is the safest for most people at the usual dose.
Rest alone is not the answer: tendons need load to get stronger.
The trial compared injections with physical therapy and with waiting.
Your own platelets release proteins that play a part in healing.
It is too early to say whether this works.
The clinic has moved to the second floor, next to the pharmacy.
Walking every day helped more than the brace.
Some marks fade; a few stay for life.
Most of the money for the study came from the maker of the device.
Our fall prevention class begins on the first Tuesday in March.
A torn meniscus does not always need an operation, and many tears stop hurting by themselves.
Most people feel sore for two days after the injection.
Dr. Okafor studied at two universities and has worked here for nine years.
We wrote this letter together with our physical therapists.
Ask us anything; there are no silly questions.
The trial stopped early because too few people took part.
After ten years, about 95 of 100 knee implants are still in place.
Ice, rest and time are enough for most sprains.
We do not know yet who benefits from the injection and who does not.
There was no difference between PRP and exercise after six months.
Do you need an MRI? Probably not.
A patient told us that she sleeps better since she began to walk every evening.
Surgery helped with stiffness but not with pain.
Some insurers pay for the class, others do not.
Your surgeon will check the wound after two weeks.
The best shoe is one that fits.
Nothing about this operation is simple.
Weight that you lose is load that your knees no longer carry.
Even after a good operation, kneeling can stay uncomfortable for life.
Cortisone weakens tendons when it is given too often.
It can take a year until the shoulder feels normal again.
The drug was approved by the FDA in 2010 for osteoporosis.
Falls are more dangerous than a little pain.
Stem cells from fat are being tested in two trials at the university.
Talk to a pharmacist before you mix painkillers.
Our team is happy to welcome Nora Hale, who specializes in hands.
You can stop the exercise whenever it hurts.
The first week is hard; plan for help at home.
What works for your neighbor may not work for you.
The results of the survey surprised us.
Without treatment, the fracture may heal in a bad position.
We offer appointments in the evening on Wednesdays.
The wait for an operation is four months at the moment.
Steroid injections eased pain at six weeks, but not at one year.
People with diabetes heal more slowly.
You will be asked about allergies before you get an antibiotic.
Regular walking is safe for most people with arthritis.
A frozen shoulder thaws on its own in most people, within two or three years.
The authors say that their results should be confirmed in a larger trial.
Running on a treadmill is as good as running outside.
The price of the brace includes a fitting.
Complications are rare but real: about one in a hundred gets a blood clot.
Before you sign up for a trial, ask who pays for it.
The hip feels like your own after about a year, most people say.
Movement is good for cartilage.
Two thirds of the runners were back at their old distance after a year.
There is little to lose by trying exercise first.
Many people can delay a replacement with exercise and weight loss.
An honest surgeon will tell you what he cannot promise.
Osteoporosis medicines cut the risk of a hip fracture by about 40 percent in trials.
Nerve pain can last longer than the injury itself.
Our phones are answered from eight to five.
She had her left knee replaced in May and drove again in July.
The injections are done under ultrasound.
Good sleep is one of the best things you can do for your back.
The new device has been cleared by the FDA, which means that it is similar to an older one.
Tai chi reduced falls by a fifth in older adults.
How long do I need the sling? Usually four weeks.
Your ligament was sewn with strong thread; protect it for six weeks.
Walk until you can do so without pain before you try to run.
After the injection you may be sore for a day or two.
After your first visit we will send you a plan.
Surgery and exercise gave the same results after five years.
The wound has to stay dry for ten days.
In the first two weeks you need help with shopping and cleaning.
The pain is gone for most people after six weeks, whatever they do.
If your pain comes back, call us.
We moved your appointments to Thursday because the clinic is closed on Monday.
The only way to know is a large trial.
She is the best person to ask about braces.
Ask for the phone number of somebody who has had the operation.
People choose surgery for many reasons.
You have time to decide; arthritis is no emergency.
The hip is replaced through a cut of about four inches.
Your insurance may ask for six weeks of therapy first.
In just one of the four trials, the injected group was better off.
Weak muscles make the joint hurt more.
Do the exercise three times a day.
Back pain usually has no single cause.
We treat adults and children.
Two readers asked how long a new knee lasts.
An implant may last twenty years or longer.
The bone grows into the rough surface of the implant.
New bone forms where the fracture was.
It hurts less because the nerve is numbed for some hours.
Your doctor can tell you whether the study applies to you.
The treatment of gout is different.
How did we choose these studies? We took the largest ones.
Some clinics sell hope, and hope can be expensive.
We will not sell you anything at the talk.
The knee brace is sold at cost.
Our physical therapists have 60 years of experience between them.
Half of the patients in the waiting group got better too.
Warm up, then stretch, then run.
Start with five minutes and add one minute each week.
A fall on the hip needs an X-ray if you cannot stand on the leg.
Good news: the rash is harmless.
Older people heal too, only more slowly.
The nurse will remove the stitches.
The scar fades within a year.
You can stop physical therapy when you reach your goal.
A steroid shot is no substitute for exercise.
Three of our surgeons took part in the trial.
The trial had no group without treatment, so it cannot show that the treatment works.
Can PRP help a sore Achilles tendon? Two good trials say no.
The FDA has cleared the device that spins the blood, not the use in tendons.
Regenerative medicine may one day help worn joints; today it does not.
Cells were injected into sheep, and the scientists looked at the cartilage after a year.
We answer your questions about knee pain on Tuesday at six.
Falls are a frequent cause of injury worldwide.
A teenager with knee pain should see a doctor.
The tendon is a bundle of fibers.
Parking is available at no charge.
How long it takes depends on us both.
We will be delighted to see you in May.
See us again in two weeks.
Many trials tested pain relief with one injection of saline.
Exercises restore your shoulder's motion in six weeks, with some luck.
Your knee will be examined again after three months.
Every patient gets a phone call on the next day.
Everyone who has a fever should get it checked.
You may never need an antibiotic.
Is surgery my only option?
If you must cancel your surgery, please call us by noon.
Most back pain gets better without drugs or surgery.
Why have a scan at all?
Exercise is the best medicine for arthritis.
The best choice for your knee depends on what you want to do.
The best way to treat back pain is to keep moving.
The easiest way to find us is from Main Street.
Learn how patients get ready for surgery.
If nothing else works, surgery is an option.
In 300 people who had chronic back pain, yoga eased it a little.
Our food drive helped 300 families.
She went from a crutch to a cane in May.
Forget the saying "no pain, no gain".
No pain, no gain is bad advice.
You should be pain free before you run again.
If you have pain overnight, take your pills.
Ask for pain relief that does not upset your stomach.
Painkillers may mask the pain of a fracture.
Rheumatoid arthritis destroys cartilage.
An MRI is optional in back pain.
The class on back pain ends at six.
A stroke is life-changing.
The breakthrough came when engineers changed the cup.
The gold standard for seeing a tear is arthroscopy.
The nurse numbs the skin first, so the injection hurts little.
Wait until you can walk without pain.
People with arthritis often wake up stiff.
The natural course of a frozen shoulder is long.
New research on tendons was published this week.
Learn to walk with a cane: it goes on the other side.
Our next letter is about hips.
Some patients take up golf after the operation, and some give it up.
The knife-like pain under the ball of the foot may be a neuroma.
We replaced the old chairs in the waiting room.
A donor's tendon can replace a torn one.
Please return the walker when you no longer need it.
Swelling in the ankle is common until the fourth month.
Our orthopedic nurses run a telephone hour every Friday.
The brace keeps the knee straight while the tendon heals.
Patients in the exercise group walked farther, and none of them had a serious side effect.
We cannot tell you in advance whether the nerve will recover.
Injections of hyaluronic acid helped slightly more than placebo in the largest review.
Lift with your legs, not with your back.
If you smoke, stopping before surgery is the best thing you can do for the wound.
The committee found no proof that magnets relieve pain.
Your new hip should last for many years if you treat it well.
Two weeks after the fall she could put weight on the foot again.
A knee that locks needs to be seen soon.
The study was paid for by the company that makes the implant.
Both treatments were safe, but neither was better than waiting.
Older adults who trained their balance fell less often.
Our waiting room now has better chairs.
Some people with severe arthritis have little pain, and some with mild arthritis have a lot.
Ask your surgeon about alternatives to opioids.
The most effective dose is not known.
The surgeon removes the damaged cartilage and smooths the edges.
A second operation was needed in 7 of 212 patients.
Grafts from a donor heal more slowly than your own tissue.
Platelet injections are still experimental for knee arthritis.
The recovery takes months, and it tests your patience.
Physical therapy is the first choice for most shoulder problems.
We are proud of our volunteers.
Cartilage cells can be grown in a laboratory, but it is not yet clear how well they last in a knee.
Do not expect to kneel without discomfort.
Surgery is scheduled within six weeks in most cases.
Nobody should feel rushed into a decision.
You can help us by filling in the survey.
Good posture feels different for everyone.
Pain that wakes you at night deserves attention.
A cane in the other hand takes weight off the hip.
New guidelines recommend exercise for every patient with knee arthritis.
In this registry, 88 percent of patients were satisfied after two years.
The injection may hurt, and the relief, if it comes, comes slowly.
It is natural for a replaced joint to click.
Young patients wear out an implant faster.
The clinic next door sells supplements; we do not endorse them.
Some tears never cause pain.
Read more about the trial on page two.
The FDA has approved the drug for gout only.
Weak evidence supports the use of heel cups.
Our doctors answer within two days.
We will call you the day before to confirm the time.
Full recovery after a broken ankle can take a year.
Stronger hips protect the knee.
A friend drove him home after the procedure.
Surgery cannot turn back time.
"""

SLOGANS = """\
Wake up your body's repair crew with our signature injections.
Imagine climbing stairs like you did at twenty-five.
One visit is all it takes to leave arthritis behind.
We give worn-out joints a second life.
Your cartilage can grow young again.
Over 10,000 patients have said goodbye to pain.
Ditch the cane and dance at your daughter's wedding.
Trust the region's number one joint restoration team.
Why live with pain when you don't have to?
Stem cells find the damage and fix it.
Our exosome drip melts inflammation and rejuvenates every joint.
Tired of being told you need a new knee? There is a better way.
Say no to the knife.
Book by Friday and save $500 on your first session.
Spaces fill up fast, so reserve yours before it is too late.
Backed by Nobel Prize winning science.
Doctors everywhere are amazed by the results.
PRP: the natural way to heal tendons in half the time.
Feel relief from the very first injection.
Harness the power of your own cells to undo years of damage.
Clinical studies confirm that our protocol gets rid of joint pain.
97 percent of our patients would do it again.
No pills, no surgery, no downtime, just results.
After three weeks I threw away my crutches.
My doctor said I would never run again, and now I do.
We treat the cause, not just the symptoms.
It is completely safe, because it comes from your own body.
There are no risks, since nothing artificial is used.
Our FDA-registered lab makes the purest stem cells in the country.
The FDA allows our procedure, so you can be sure it works.
Restore your joints to the way nature intended.
Get back in the game in record time.
Relief that lasts a lifetime.
Turn off pain at its source.
We have helped thousands avoid joint replacement.
Our unique formula repairs cartilage while you sleep.
The only proven answer to bone-on-bone arthritis.
Nothing else works as well for a torn rotator cuff.
This is the treatment that professional athletes rely on.
Used by NFL teams and Olympic champions.
You owe it to yourself to try it.
If it does not work, you do not pay.
You have nothing to lose and a pain-free life to gain.
Finally, a real solution for chronic back pain.
Reclaim your active life today.
Our patients get better, every time.
Stop masking the pain and start healing.
The most effective therapy for knees that money can buy.
A simple injection that replaces major surgery.
Why have surgery when one shot can do the same?
Ask about our two-for-one PRP special this month.
The results speak for themselves.
Experience the miracle of regenerative medicine.
Younger, stronger joints in as little as six weeks.
Heal faster than you ever thought possible.
Our award-winning doctors are the most trusted in Texas.
Join the thousands who live without pain.
Shockwave therapy dissolves calcium deposits and ends heel pain permanently.
Your shoulder will be as good as new.
Say hello to pain-free mornings.
Let your body do what it was born to do: heal.
Our cell therapy turns bone-on-bone knees into happy knees.
Results you can feel, guaranteed.
Rated the best pain clinic in Ohio five years in a row.
Don't let anybody cut you open until you have talked to us.
More than nine in ten of our patients skip surgery for good.
Your last stop for shoulder pain.
One shot. Zero pain.
Advanced biologics that outsmart arthritis.
Discover the secret of ageless joints.
You can get your old knees back.
Stop arthritis in its tracks.
Watch your torn tendon mend in weeks.
Call now: only three openings remain this month.
Our injections work when everything else has failed.
Patients fly in from all over the world for our stem cells.
FDA-compliant exosomes, safe for everyone.
Scientifically designed to rebuild your joints.
My shoulder is one hundred percent, thanks to this team.
Better than a new hip, and at a fraction of the cost.
Walk in with pain, walk out without it.
This breakthrough therapy is changing lives across America.
Our protocol has a nearly perfect track record.
You will be back on the court in no time.
The safest way to get rid of back pain for good.
Regenerative therapy works for hips, knees, shoulders and more.
Eliminate inflammation and reverse the aging of your joints.
Give your knees the gift of youth this Christmas.
It is like a fountain of youth for tendons.
End your dependence on painkillers once and for all.
We succeed where others fail.
It heals meniscus tears with no scalpel.
Enjoy long-lasting relief without side effects.
Trusted by thousands of families.
Ask our happy patients how it feels to be young again.
PRP gets you back to sport twice as fast.
Rediscover the joy of movement with our joint renewal program.
More than 5,000 knees saved from surgery.
Our regenerative experts have the highest success rate in Nevada.
Feel better in just one visit.
Stem cell therapy: the cure your doctor never mentioned.
Stop arthritis before it stops you.
Your joints deserve the best.
We guarantee you will notice a difference.
Natural healing, real results.
PRP injections work where physical therapy fails.
Be pain free by the weekend.
The most advanced regenerative clinic on the East Coast.
I cancelled my knee replacement after two shots, says Denise.
Safe, effective and approved by experts worldwide.
Rebuild your rotator cuff without the scalpel.
For a limited time, get your second injection free.
Regain the mobility of your youth.
Our treatment has no known side effects.
Nine out of ten patients avoid surgery.
Cutting-edge exosome therapy reverses joint damage.
Clinically proven, patient approved.
The fastest way back to the tennis court.
Say no to cortisone and yes to healing.
Let us restore your active lifestyle.
One injection gave me my life back.
Experience the healing power of your own blood.
We treat patients other doctors have given up on.
Long-term relief from neuropathy is finally here.
A non-surgical breakthrough for torn ligaments.
Discover why thousands choose us for joint pain.
Heal naturally, live fully.
Schedule today; appointments are going quickly.
Completely natural and free of side effects.
No pain, no scars, no recovery time.
Your search for back pain relief ends here.
Our doctors have perfected the art of regeneration.
Eliminate joint pain without surgery or downtime.
Our stem cell injections regenerate worn-out knees.
See results in as little as one week.
Join thousands of patients who avoided surgery.
The number one clinic for regenerative medicine in the South.
PRP speeds healing and gets athletes back on the field faster.
Book your free consultation before spots run out.
No surgery. No steroids. No side effects.
Start living pain-free now.
Our exosomes are the purest available.
Patients travel hundreds of miles for our treatment.
Your body already has the power to heal.
We offer a safe, natural alternative to knee replacement.
I can finally play with my grandchildren again.
90% of our patients report significant improvement.
Say goodbye to back pain forever.
The only FDA-approved stem cell clinic in Arizona.
Revolutionary therapy rebuilds cartilage.
Why risk surgery?
Relief is just one injection away.
Call today and take 15% off PRP.
Reverse years of wear on your joints.
It's time to take your life back.
Our results are second to none.
Get long-lasting relief from tennis elbow.
The world's most advanced joint therapy.
Trusted by pro athletes.
Stem cells can heal almost anything.
We promise you will feel better.
Stop popping pills and start healing naturally.
A minimally invasive cure for plantar fasciitis.
Grow healthy new tissue with our amniotic injections.
Our board-certified experts are the best in regenerative care.
It took my pain away in one day.
Walk without pain again.
Highly effective for all types of arthritis.
The proven path to pain relief.
Your knees can feel like they did at thirty.
Ask why more people choose us over surgery.
Skip the operating room and heal with your own cells.
Our injections regenerate cartilage in 90% of patients.
We have the cure for your knee pain.
Stem cell therapy is the safest option for arthritis.
Thousands healed, zero complications.
Limited-time offer: $1,000 off any stem cell package.
Our world-famous specialists will get you back on your feet.
Feel young, move freely, live without pain.
The most trusted clinic for athletes.
Exosomes repair damaged nerves.
Surgery-free solutions that last.
A proven alternative to hip replacement.
I was told I needed surgery, but PRP healed my shoulder.
Reverse arthritis naturally.
You will be amazed by the results.
Your journey to a pain-free life begins here.
FDA-approved regenerative therapy without risk.
Best knee doctor in Denver.
Unlock your body's healing potential.
Make knee pain a thing of the past.
The last treatment you will ever need.
State-of-the-art care with guaranteed outcomes.
Why patients are choosing stem cells over surgery.
"""
