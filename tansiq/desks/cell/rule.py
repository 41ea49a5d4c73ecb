"""The rule of the cell's own desk: a member speaks of its own officers' passkeys, and of each once."""

from __future__ import annotations

from tansiq.acts import Act
from tansiq.cell.desk import Common, Thread
from tansiq.charter import Charter
from tansiq.desks.cell.acts import Credential, CredentialEnd, Heartbeat, Unopened
from tansiq.errors import Refused


def rule(act: Act, thread: Thread, common: Common, charter: Charter) -> None:
    """Admit a passkey of the author's own officer that nobody has published yet, and the end of one that stands.

    Raises:
        Refused: ``credential.*``; ``cell.thread``, ``cell.unopened``.
        Malformed: what ``Credential.check`` says.
    """
    if isinstance(act, Credential):
        _rule_credential(act, common)
    elif isinstance(act, Heartbeat | Unopened):
        if act.thread is not None or act.refers:
            raise Refused("cell.thread", "What a cell says of itself answers nothing.", field="refers")
        if isinstance(act, Unopened) and (len(act.release) != 2 or act.number < 1):
            raise Refused("cell.unopened", "What could not be opened is told to its author alone.", field="release")
    elif isinstance(act, CredentialEnd):
        begun = thread.find(act.refers[0]) if len(act.refers) == 1 else None
        if begun is None or begun.void is not None or not isinstance(begun.act, Credential):
            raise Refused("credential.refers", "The end of a passkey refers to the act that published it.",
                          field="refers")
        if begun.act.author != act.author:
            raise Refused("credential.author", "A member speaks of its own officers only.", field="refers")


def _rule_credential(act: Credential, common: Common) -> None:
    act.check()
    if act.holder.partition("-")[0] != act.author:
        raise Refused("credential.author", "A member speaks of its own officers only.", field="holder")
    if common.ask("cell", "is_published", author=act.author, credential=act.credential):
        raise Refused("credential.known", "This passkey is published already.", field="credential")
