"""Certificates: what a file of evidence proves, and what it does not, on paper in the reader's language (PDF/A)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tansiq.charter import Charter
from tansiq.doors.documents import Document, Frame, typeset
from tansiq.evidence import Verdict
from tansiq.languages.messages import Messages
from tansiq.languages.sentences import Sentence, named, say_sentence
from tansiq.wire import sha256

TEMPLATE = Path(__file__).parent / "paper" / "certificate.typ"
COMMAND = "tansiq verify --charter PUBLIC FILE"
TITLES = {
    "receipt": "Receipt", "disclosure": "Disclosure", "label": "Disclosure of a label",
    "absence": "Certificate of absence", "absence-counted": "Certificate of absence",
    "conviction-registrar": "Conviction", "conviction-member": "Conviction", "conviction-misaddressed": "Conviction",
    "conviction-unaddressed": "Conviction", "conviction-author": "Conviction",
}
WORDS = {
    "not_proved": "What it does not prove", "checked": "How it was checked", "check": "How to check it",
    "digest": "Digest of the file (SHA-256)", "centre": "Centre",
    "paper": "This paper proves nothing by itself. It goes with a file that has the digest below.",
    "offline": "Whoever has that file and the public part of the centre checks it without a network, by the program "
               "or by the second verifier that comes with it:",
    "compare": "Compare the number of the centre with one from another source.",
}


def certificate(verdict: Verdict, data: bytes, charter: Charter, *, lang: str, now_ms: int) -> Document:
    """Typeset what a file of evidence proves, with the file's digest and how to check it.

    Raises:
        Unavailable: ``documents.unbuilt``.
    """
    messages, digest = Messages.load(lang), sha256(data).hex()
    frame = Frame(lang, messages.gettext(TITLES[verdict.evidence]), named(charter.name, lang),
                  messages.gettext("Exercise") if charter.exercise else "", digest, now_ms)
    return typeset(TEMPLATE.read_text("utf-8"), frame, _body(verdict, digest, charter, lang))


def _body(verdict: Verdict, digest: str, charter: Charter, lang: str) -> dict[str, Any]:
    messages = Messages.load(lang)

    def say(sentences: tuple[Sentence, ...]) -> list[str]:
        return [say_sentence(one, lang) for one in sentences]

    signers = [dict(party.name) for code in verdict.signers
               if (party := charter.member(code) or charter.partner(code)) is not None]
    facts = [
        Sentence("Entries below it: {size}.", {"size": verdict.size}) if verdict.size is not None else None,
        Sentence("No later than {at_ms}.", {"at_ms": verdict.settled_ms}) if verdict.settled_ms is not None else None,
        Sentence("Signed by {signers}.", {"signers": signers}) if signers else None]
    return {
        "proved": say((verdict.proved,))[0], "besides": say(verdict.besides), "not_proved": say(verdict.not_proved),
        "checked": say(verdict.checked), "facts": say(tuple(fact for fact in facts if fact is not None)),
            "digest": digest,
        "centre": verdict.centre, "words": {name: messages.gettext(text) for name, text in WORDS.items()},
        "command": COMMAND,
    }
