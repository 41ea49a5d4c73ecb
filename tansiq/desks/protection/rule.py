"""The rule of the protection desk: a site is its author's to change, and every other party's to take note of."""

from __future__ import annotations

from collections.abc import Mapping

from tansiq.acts import Act
from tansiq.cell.desk import Common, Said, Thread
from tansiq.charter import Charter
from tansiq.desks.protection.acts import Acknowledgement, Site, SiteChange, SiteDetail
from tansiq.desks.protection.incident import Following, rule_following
from tansiq.errors import Refused

GOES_ON: Mapping[str, tuple[str, ...]] = {
    "incident": ("inquiry", "finding", "finding_answer"), "site": ("site_change", "acknowledgement"),
}
"""What must be sayable after a kind, if its thread is not to stop where it begins."""


def rule(act: Act, thread: Thread, common: Common, charter: Charter) -> None:
    """Rule on an act about a site or an incident.

    Raises:
        Malformed: a field holds what it cannot (``field`` names it).
        Refused: ``protection.…``, the act may not be said here.
    """
    if isinstance(act, Following):
        rule_following(act, thread, common)
        _require_goes_on(act, common, charter)
        return
    assert isinstance(act, Site | SiteChange | SiteDetail | Acknowledgement)
    act.check()
    if isinstance(act, Site | SiteDetail):
        if act.thread is not None or act.refers:
            raise Refused("protection.thread", "A {kind} begins a thread of its own and refers to nothing.",
                          kind=act.kind, field="refers")
        if isinstance(act, SiteDetail):
            _require_own_site(act, common)
        _require_goes_on(act, common, charter)
        return
    site = _site(act, thread)
    if isinstance(act, SiteChange):
        if act.author != site.act.author:
            raise Refused("protection.author", "Only {author}, who told of the site, may change it, not {given}.",
                          author=site.act.author, given=act.author, field="refers")
    else:
        _require_new_acknowledgement(act, thread, site)


def _require_goes_on(act: Act, common: Common, charter: Charter) -> None:
    """While a member says it: hold that what follows can be said too, since a thread keeps the release that it began
    with. In the journal it counts all the same, and a partner's own word is never turned away for it."""
    if common.own is None or charter.member(act.author) is None:
        return
    for partner in charter.partners:
        missing = next((kind for kind in GOES_ON.get(act.kind, ()) if kind not in partner.exchanges), None)
        if partner.code in act.release and missing is not None:
            raise Refused("protection.partner", "The charter lets {code} exchange no {kind}: if it reads this, nobody "
                          "can go on here. Release it to the members alone.", code=partner.code, kind=missing,
                          field="release")


def _site(act: Act, thread: Thread) -> Said:
    found = thread.find(act.refers[0]) if len(act.refers) == 1 else None
    if found is None or found.void is not None or not isinstance(found.act, Site):
        raise Refused("protection.refers", "A {kind} refers to exactly one site that stands.", kind=act.kind,
                      field="refers")
    return found


def _require_own_site(act: SiteDetail, common: Common) -> None:
    author = common.ask("protection", "author_of", site=act.site)
    if author is None:
        raise Refused("site.unknown", "There is no such protected site.", field="site")
    if author != act.author:
        raise Refused("protection.author", "Only {author}, who told of the site, may change it, not {given}.",
                      author=author, given=act.author, field="site")


def _require_new_acknowledgement(act: Acknowledgement, thread: Thread, site: Said) -> None:
    if act.author == site.act.author:
        raise Refused("protection.own", "Who told of a site knows it already.", field="refers")
    standing = [said for said in thread.acts if said.void is None]
    changed = max(said.index for said in standing if isinstance(said.act, Site | SiteChange))
    if any(isinstance(said.act, Acknowledgement) and said.act.author == act.author and said.index > changed
           for said in standing):
        raise Refused("protection.acknowledged", "{author} has taken note of this site already.", author=act.author,
                      field="refers")
