"""Two letters of a made-up clinic about the same thing: one that is careful, one with a claim in nearly every line."""

from __future__ import annotations

CAREFUL = """\
---
title: What injections can and cannot do for a worn knee
subject: What injections can and cannot do for a worn knee
preheader: Evidence, open questions, and what to ask before you decide
date: 2026-12-01
---

Dear {{ first_name | default("reader") }},

many of you ask us about injections for worn joints. This letter explains what is known, what is not, and what
to ask before you decide. It is long, because an honest answer is.

::: callout title="Please note" style="warning"
Stem cell and exosome products are not approved by the FDA for any orthopaedic condition. This letter is for
education and does not replace a visit to your doctor.
:::

## Can cartilage grow back?

Cartilage has no blood vessels, so it heals slowly and does not grow back by itself. No injection has been
shown to regrow it in people. Nobody can promise you that, and you should be wary of anyone who guarantees a
result. A cure for osteoarthritis is not known.

In a review of 31 trials, the authors found that pain fell by about a third in the first six months after
injections, and that there was no difference after two years [@ok2020]. The trials were small, and most were
not blinded.

Maci is a licensed product that is grown from a patient's own cells. It is approved by the FDA for certain
cartilage defects of the knee, not for arthritis.

## Platelet-rich plasma

Platelet-rich plasma (PRP) is made from your own blood. We offer PRP for tennis elbow and for some tendons. It
is not a stem cell product. After the injection your elbow may hurt for a few days; about one patient in ten
needs a pain pill on the first evening. Do not expect instant results: in the trials, patients were asked
after three and six months [@ok2021].

No procedure is free of risk. Infection is rare, bruises are common, and some patients feel no difference at
all. Your insurance usually does not pay for it, so ask for the full price, and take your time to decide.

## What we do not offer

We do not offer stem cell or exosome injections. Clinics that advertise them often say that they can heal
everything from knees to nerves. The FDA has warned about such offers, and has not approved any of these
products for joints, tendons or the spine.

## Strength first

Exercise is the treatment with the best evidence for knee pain [@ok2020]. You rebuild muscle in about twelve
weeks, and stronger muscles take load off the joint. Walk as long as you can without pain, rest for a day, and
walk again. Always warm up, and never train through sharp pain.

- Sit on a chair and straighten one leg ten times.
- Stand on one leg for thirty seconds; hold on to something safe.
- Climb a flight of stairs every day, if your knee allows it.
- Swimming is safe after the wound has healed, usually after two weeks.

The best time for exercise is the one that you can keep. At first the leading leg is the good one when you
climb stairs. Ice helps after a long walk, and so does a day of rest.

## When an operation is right

Some knees need a replacement. Avoid heavy meals on the evening before surgery, stop smoking six weeks before,
and prepare your home: remove carpets, put a chair into the shower, and ask a friend to stay for the first two
nights. After surgery, the team helps you to stand up on the same day. Restoring motion in the knee takes
about three months, and most patients drive again after six weeks. The bone cement cures within ten minutes,
so you may put your full weight on the leg on the first day.

Ask your surgeon how many of these operations she does in a year, what can go wrong, and what happens if you
wait. It is your decision, and waiting is often right. Our surgeons are board-certified in orthopaedic
surgery.

## Questions to ask before any injection

1. What is in the syringe, and who made it?
2. Is it approved for my knee, or used off-label?
3. Which study shows that it works for people like me, and how large was it?
4. What are the risks, and how often do they occur?
5. What does it cost in all, and what happens if it does not help?

::: quote attribution="Ada Example, physical therapist"
I tell everybody to begin with ten minutes a day, and to be patient with themselves.
:::

## A talk at our clinic

::: event title="Knees: an evening of questions" start="2026-12-10T18:00" end="2026-12-10T19:30" place="12
Example Street, Springfield"
Dr. Example talks about what we know about worn cartilage, and what we do not. Coffee is free. There is no
sale and no offer.
:::

::: button href="https://example.org/visit"
Plan a visit
:::

We are glad to answer your questions. Call us at 213-555-0142.

Warm regards, your team at Larkmeadow
"""

CARELESS = """\
---
title: Regrow your cartilage without surgery
subject: Say goodbye to knee pain
preheader: Now 20% off for a limited time
date: 2026-12-01
---

Dear {{ first_name | default("reader") }},

many of you ask us about injections for worn joints. Our world-class stem cell clinic has the answer.

## Can cartilage grow back?

Yes. Stem cells rebuild damaged cartilage and reverse arthritis. The result is guaranteed. Our method is
clinically proven, and it works for everyone.

::: button href="https://example.org/visit"
Book your injection
:::

Our exosomes are FDA approved. The injection is painless, has no side effects, and is 100 % safe. Not only
does it ease the pain, it cures osteoarthritis. It is safer than surgery [@ok2020].

PRP heals tennis elbow in days.

You can avoid knee replacement surgery.

::: quote attribution="Maria, patient"
I am pain-free and I walk again. It changed my life!
:::

An injection costs $900. It is a breakthrough.

Exosomes also help patients with Alzheimer's.
"""
