"""How the fixed words of this desk's acts are titled: message ids by word."""

from __future__ import annotations

from collections.abc import Mapping

from tansiq.charter.vocabulary import Facility, Personnel, Recipient
from tansiq.desks.support.acts import Outcome, Subject, Substance, Verdict
from tansiq.desks.support.story import PartState
from tansiq.desks.support.terms import Phase

PERSONNEL_TITLES: Mapping[Personnel, str] = {
    "none": "None", "transit": "In transit", "temporary": "For a time", "stationed": "Stationed"}
FACILITY_TITLES: Mapping[Facility, str] = {"none": "None", "temporary": "For a time", "fixed": "Fixed"}
RECIPIENT_TITLES: Mapping[Recipient, str] = {"state_force": "State forces", "other_party": "Another party"}
PHASE_TITLES: Mapping[Phase, str] = {
    "preparation": "Preparation", "transit": "On the way", "delivery": "Delivery", "operation": "Operation",
    "return": "Return"}
OUTCOME_TITLES: Mapping[Outcome, str] = {
    "done": "Done", "not_done": "Not done", "stopped": "Has stopped", "harm": "Harm noticed"}
SUBJECT_TITLES: Mapping[Subject, str] = {"legal": "The law", "sites": "Protected sites"}
VERDICT_TITLES: Mapping[Verdict, str] = {"clear": "Nothing stands in the way", "blocks": "It must not be done"}
SUBSTANCE_TITLES: Mapping[Substance, str] = {
    "base": "A fixed base", "landing": "A landing of forces", "arms": "Arming of a party", "other": "Something else"}
PART_TITLES: Mapping[PartState, str] = {
    "asked": "Asked", "countered": "Countered", "promised": "Promised", "under_way": "Under way",
    "stopped": "Has stopped", "reported": "Reported", "disputed": "Disputed", "accepted": "Accepted",
    "declined": "Declined"}
