"""Does what lies on the disks agree with the ledger? Looks only; the ledger may be open read-only."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from expensed.archive.naming import display_name
from expensed.archive.sidecar import names, note_path, read_sidecar
from expensed.config.schema import Settings
from expensed.disk.files import has_bytes, hash_file
from expensed.ledger.documents import find_document, get_document, list_document_numbers
from expensed.ledger.rows import Document
from expensed.ledger.store import Ledger
from expensed.model.states import DocumentState
from expensed.pipeline.claims import list_claims
from expensed.pipeline.context import CLAIMS

_AT_REST = (DocumentState.FILED, DocumentState.REVIEW, DocumentState.DUPLICATE, DocumentState.FAILED)
_NOTED = (DocumentState.REVIEW, DocumentState.DUPLICATE, DocumentState.FAILED)


LOOKS_AGAIN = 2
LOOK_AGAIN_S = 0.5


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing worth a sentence; `is_wrong`: the check fails for it."""

    subject: str
    sentence: str
    is_wrong: bool = True


async def audit(settings: Settings, ledger: Ledger) -> AsyncIterator[Finding]:
    """Compare every document's bytes, sidecar and note with the ledger, and look for claims it knows nothing of.

    A daemon may be at work meanwhile: what seems wrong is looked at again before it is said.
    """
    numbers = await list_document_numbers(ledger)
    for number in numbers:
        findings = audit_document(settings, await get_document(ledger, number))
        for _ in range(LOOKS_AGAIN if any(finding.is_wrong for finding in findings) else 0):
            await asyncio.sleep(LOOK_AGAIN_S)
            findings = audit_document(settings, await get_document(ledger, number))
        for finding in findings:
            yield finding
    for claim in list_claims(settings.inbox.path / CLAIMS):
        if claim.file is not None and await find_document(ledger, claim.id) is None:
            yield Finding(claim.id, "is claimed and not admitted yet; the daemon goes on with it.", is_wrong=False)


def audit_document(settings: Settings, document: Document) -> list[Finding]:
    """What is wrong with one document."""
    if document.state is DocumentState.GONE:
        if has_bytes(settings.archive.path / document.place.path, document.sha256):
            return [Finding(document.id, "lies in its place again; the daemon takes it back.", is_wrong=False)]
        return [
            Finding(
                document.id, f"is gone: {display_name(document.place.path)} was removed by someone.", is_wrong=False
            )
        ]
    root = settings.inbox.path if document.place.root == "inbox" else settings.archive.path
    path = root / document.place.path
    findings = list(_audit_bytes(document, path))
    if document.state in _AT_REST and not findings:
        findings += _audit_companions(document, path)
    return findings


def _audit_bytes(document: Document, path: Path) -> list[Finding]:
    shown = display_name(document.place.path)
    try:
        sha256, _ = hash_file(path)
    except FileNotFoundError:
        return [_explain_absence(document, shown)]
    except OSError as error:
        return [Finding(document.id, f"{shown} cannot be read: {error.strerror}.")]
    if sha256 != document.sha256:
        advice = "Restore it from a backup; if you changed it on purpose, keep your version elsewhere."
        return [Finding(document.id, f"{shown} no longer has the bytes that were filed. {advice}")]
    return []


def _explain_absence(document: Document, shown: str) -> Finding:
    """A document in the archive proper must be there; what lies apart, a person may take away."""
    if document.state is DocumentState.DUPLICATE:
        return Finding(document.id, f"is a duplicate, and {shown} was deleted, as it may be.", is_wrong=False)
    if document.state in _NOTED:
        return Finding(document.id, f"was taken out of {shown} by someone.", is_wrong=False)
    sentence = f"is {document.state.value}, but {shown} is not there. Put it back, from where it was moved or a backup"
    return Finding(document.id, f"{sentence}, together with its .json.")


def _audit_companions(document: Document, path: Path) -> list[Finding]:
    findings = []
    shown = display_name(document.place.path)
    if not names(read_sidecar(path), document.id, document.sha256):
        findings.append(Finding(document.id, f"{shown}.json is missing or speaks of another document."))
    if document.state in _NOTED and not os.path.lexists(note_path(path)):
        findings.append(Finding(document.id, f"{shown}.why.txt is missing.", is_wrong=False))
    return findings
