"""What the charter's articles say of acts at desks where no consent and no review can be given."""

from __future__ import annotations

from tansiq.acts import Act
from tansiq.charter import Charter, Facts, judge
from tansiq.errors import Refused


def require_articles(act: Act, charter: Charter, territories: tuple[str, ...] = ()) -> None:
    """Hold an act to the articles: what is forbidden is refused, and so is what needs a consent or a review.

    *territories* are the ISO alpha-3 codes of the states that its place touches.

    Raises:
        Refused: ``article.forbidden`` or ``article.needs``; ``article`` is the number.
    """
    facts = Facts(kind=act.kind, support=None, author=act.author, territories=territories)
    for finding in judge(facts, charter):
        if finding.follows == "forbidden":
            raise Refused("article.forbidden", "Article {article} forbids it.", article=finding.article)
        raise Refused("article.needs", "Article {article} asks a consent or a review for a {kind}, and this desk has "
                      "none to give.", article=finding.article, kind=act.kind)
