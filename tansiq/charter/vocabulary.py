"""The fixed words in which an article's machine part is written (spec: ``docs/spec/charter.md``).

They belong to the rules edition, so that every cell that can read an act rules alike. Kinds of
support, codes and terms of office are the charter's own and stand nowhere in the program.
"""

from __future__ import annotations

from typing import Literal, get_args

RULES_EDITION = 1

Personnel = Literal["none", "transit", "temporary", "stationed"]
Facility = Literal["none", "temporary", "fixed"]
Recipient = Literal["state_force", "other_party"]
Need = Literal["forbidden", "consent", "legal_review", "site_review", "second_person"]
Leave = Literal["free", "leave", "never"]

PERSONNEL: tuple[Personnel, ...] = get_args(Personnel)
FACILITIES: tuple[Facility, ...] = get_args(Facility)
RECIPIENTS: tuple[Recipient, ...] = get_args(Recipient)

# Whose territory an article looks at, where it names no party by its code.
WHOSE = ("member", "partner", "other", "any")

# Consenters that are no member's code; codes are upper case, so they cannot meet.
OF_TERRITORY = "territory"
OF_ALL = "all"

# Acts that ask for something to be done on the ground, or do it: they state the facts, and the floor judges them.
ACTION_KINDS = frozenset({"request", "counter", "promise", "step"})

# Acts by which a member says yes: nothing may be asked for them but a second person, or the asking would never end.
CONSENT_KINDS = frozenset({"consent", "review"})

# Acts by which a member says no, takes back or reports, and by which a second person confirms what was said: no charter
# may hold them up.
FREE_KINDS = frozenset({"refusal", "revocation", "objection", "stopped", "decline", "withdrawal", "dispute", "incident",
                        "correction", "recall", "confirmation", "contact_answer", "minutes_answer",
                        "approval"})

# Everything else that an article may name.
OTHER_KINDS = frozenset({
    "report", "translation", "leave", "assessment", "concurrence", "attachment",
    "coverage", "sighting",
    "completion", "acceptance",
    "notice", "adjustment", "activation", "closing", "footprint", "line_check",
    "site", "site_change", "site_detail", "acknowledgement", "inquiry", "finding", "finding_answer",
    "handover", "taking_over", "mandate", "appointment", "proposal", "vote", "contact",
    "meeting", "visit", "rearrangement", "minutes",
    "statement", "claim", "line",
})  # fmt: skip

KINDS = ACTION_KINDS | CONSENT_KINDS | FREE_KINDS | OTHER_KINDS

# Of these, acts that lie at a place, whose territory can therefore be judged.
PLACED_KINDS = ACTION_KINDS | frozenset({"report", "coverage", "sighting", "notice", "site", "visit", "meeting"})

# Decisions by which a person binds a member: a charter may ask that the officer's own passkey signs them.
SIGNED_KINDS = frozenset({"consent", "confirmation", "revocation", "review", "handover", "taking_over", "mandate",
                          "vote"})

# What an officer may do in a member's cell. Doors hold it; every cell holds it where an officer's signature is asked.
Role = Literal["reader", "drafter", "releaser", "consenter", "legal", "director", "administrator"]
ROLES: tuple[Role, ...] = get_args(Role)

DURATION_DAYS_MAX = 36_500
