"""What an office keeps under a name beside its forms: templates of a kind, and presets of who can read."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from litestar import Response, post
from litestar.params import FromPath

from tansiq.doors.gate import DRAFTER
from tansiq.doors.web import forms, saying
from tansiq.doors.web.pages import redirect
from tansiq.doors.web.request import Asked, OfficerHere, PagesHere, SentHere
from tansiq.errors import Malformed, TansiqError
from tansiq.office.papers import Papers


@post("/desks/{name:str}/say/{kind:str}/named/{step:str}", role=DRAFTER, sync_to_thread=True)
def named(request: Asked, pages: PagesHere, officer: OfficerHere, sent: SentHere, *, name: FromPath[str],
          kind: FromPath[str], step: FromPath[str]) -> Response[Any]:
    """Keep what a draft of one's own holds as a template, or its readers as a preset, under a name; or drop one."""
    draft = saying.begun(pages, officer, name, kind, lang=pages.reader(request).lang,
                         **{key: forms.one(sent, key) for key in saying.FROM})
    try:
        _move(pages.floor.offices[officer.member].papers, draft, step, forms.one(sent, "named"))
    except TansiqError as error:
        return saying.show(request, pages, officer, draft, unnamed=error)
    asked = {key: value for key in saying.FROM if (value := forms.one(sent, key))}
    return redirect(f"/desks/{name}/say/{kind}?{urlencode(asked)}")


def _move(papers: Papers, draft: forms.Draft, step: str, name: str) -> None:
    kind = draft.form.kind.name
    if step == "drop-template":
        papers.drop_template(kind, name)
    elif step == "drop-preset":
        papers.drop_preset(name)
    elif step not in ("keep-template", "keep-preset"):
        raise Malformed("named.step", "{given} is nothing that is done with a name.", given=repr(step[:20]))
    elif not draft.id:
        raise Malformed("named.empty", "Nothing has been typed here yet: what is kept under a name comes from a draft.")
    elif step == "keep-preset":
        papers.keep_preset(name, draft.release)
    else:
        papers.keep_template(kind, name, _lasting(draft))


def _lasting(draft: forms.Draft) -> dict[str, Any]:
    """What serves another day: without the hours that were typed, and without what it answers."""
    passing = {"refers", *(field.name for field in draft.form.fields if field.widget == "instant")}
    return {key: value for key, value in forms.typed(draft).items() if key not in passing}


HANDLERS: tuple[Any, ...] = (named,)
