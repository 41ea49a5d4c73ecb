"""A charter as plain text for people, in one of its languages."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from tansiq.charter.labels import labels
from tansiq.charter.model import Article, Charter, Follows, Share
from tansiq.errors import Malformed

WIDTH = 100


def show(charter: Charter, lang: str) -> str:
    """Write *charter* in *lang*: the whole of what it says to people, and what follows from each article.

    Raises:
        Malformed: ``charter.language``, the charter is not written in *lang*.
    """
    if lang not in charter.languages:
        raise Malformed("charter.language", "{place}: the charter is written in {languages}, not in {given!r}.",
                        place="lang", languages=", ".join(charter.languages), given=lang[:20], field="lang")
    words = labels(lang)
    blocks = (_head, _parties, _rotation, _decisions, _airspace, _kinds, _articles)
    return "\n".join(line for block in blocks for line in block(charter, lang, words)) + "\n"


def consequences(article: Article, lang: str) -> list[str]:
    """What follows from an article, each in one line of *lang*: where it was drawn from, and what the program holds."""
    return [line.strip() for line in _below(article, lang, labels(lang))]


def _heading(text: str) -> Iterator[str]:
    yield from ("", text, "-" * len(text))


def _paragraph(text: str, indent: str = "") -> Iterator[str]:
    for part in text.strip().split("\n"):
        yield textwrap.fill(part, WIDTH, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False,
                            break_long_words=False)


def _head(charter: Charter, lang: str, words: dict[str, str]) -> Iterator[str]:
    yield charter.name[lang]
    yield "=" * len(charter.name[lang])
    if charter.exercise:
        yield f"[{words['exercise']}]"
    for disclaimer in charter.disclaimers:
        yield from _paragraph(disclaimer[lang])
    yield from ("", f"{words['seat']}: {charter.seat.place[lang]}", words["margin"].format(n=charter.borders.margin_km))


def _airspace(charter: Charter, lang: str, words: dict[str, str]) -> Iterator[str]:
    air = charter.airspace
    yield from _heading(words["airspace"])
    yield "  " + words["buffers"].format(m=air.buffer_m, h=air.buffer_height_m, t=air.buffer_minutes)
    yield "  " + words["lead"].format(n=air.lead_minutes)
    yield "  " + words["ground"].format(low=air.ground_low_m, high=air.ground_high_m)
    yield "  " + words["footprint"].format(n=air.footprint_size)


def _parties(charter: Charter, lang: str, words: dict[str, str]) -> Iterator[str]:
    yield from _heading(words["members"])
    for member in charter.members:
        yield f"  {member.code:8} {member.name[lang]} ({member.capital[lang]}, {member.zone})"
    if charter.partners:
        yield from _heading(words["partners"])
    for partner in charter.partners:
        yield f"  {partner.code:8} {partner.name[lang]}"
        yield from _paragraph(partner.purpose[lang], " " * 11)
        yield f"{' ' * 11}{words['exchanges']}: {', '.join(partner.exchanges)}"


def _rotation(charter: Charter, lang: str, words: dict[str, str]) -> Iterator[str]:
    rotation, term = charter.rotation, charter.rotation.term
    yield from _heading(words["rotation"])
    yield f"  {words['order']}: {', '.join(rotation.order)}"
    yield f"  {words['months'].format(n=term.months) if term.months else words['years'].format(n=term.years)}"
    yield f"  {words['first']}: {rotation.first_day.isoformat()} {rotation.hour:02d}:00 {rotation.zone}"
    yield f"  {words['grace'].format(n=rotation.grace_days)}"
    yield from _paragraph(rotation.note[lang], "  ")


def _decisions(charter: Charter, lang: str, words: dict[str, str]) -> Iterator[str]:
    decisions = charter.decisions
    yield from _heading(words["decisions"])
    yield f"  {words['quorum']}: {_share(decisions.quorum, words)}"
    yield f"  {words['majority']}: {_share(decisions.majority, words)}"
    yield from _paragraph(decisions.note[lang], "  ")


def _share(share: Share, words: dict[str, str]) -> str:
    key = "at_least" if share.at_least is not None else "more_than"
    part, whole = share.at_least or share.more_than or (1, 1)
    return words[key].format(part=part, whole=whole)


def _kinds(charter: Charter, lang: str, words: dict[str, str]) -> Iterator[str]:
    yield from _heading(words["support"])
    for support in charter.support:
        yield f"  {support.name[lang]} ({support.id})"
    yield from _heading(words["handling"])
    for handling in charter.handling:
        yield (f"  {handling.code}: {handling.name[lang]}; {words['pass_on']}: {words[handling.pass_on]}; "
               f"{words['disclose']}: {words[handling.disclose]}")


def _articles(charter: Charter, lang: str, words: dict[str, str]) -> Iterator[str]:
    yield from _heading(words["articles"])
    for article in charter.articles:
        yield from ("", f"{words['article'].format(n=article.number)}. {article.title[lang]}")
        yield from _paragraph(article.text[lang], "  ")
        yield from (f"  {line}" for line in _below(article, lang, words))


def _below(article: Article, lang: str, words: dict[str, str]) -> Iterator[str]:
    if article.attribution is not None:
        yield f"{words['attribution']}: {article.attribution[lang]}"
    if article.follows is not None:
        yield from _consequences(article.follows, words)


def _consequences(follows: Follows, words: dict[str, str]) -> Iterator[str]:
    if follows.consent:
        yield words["consent"].format(of=", ".join(words.get(of, of) for of in follows.consent))
    for need in ("forbidden", "legal_review", "site_review", "second_person"):
        if getattr(follows, need):
            yield words[need]
