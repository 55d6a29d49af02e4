"""Does what lies on the disks agree with the ledger? Looks only; the ledger may be open read-only."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from expensed.archive.files import hash_file
from expensed.archive.sidecar import names, note_path, read_sidecar
from expensed.config.schema import Settings
from expensed.ledger.documents import list_documents
from expensed.ledger.rows import Document
from expensed.ledger.store import Ledger
from expensed.model import DocumentState
from expensed.pipeline.claims import list_claims
from expensed.pipeline.context import CLAIMS

_AT_REST = (DocumentState.FILED, DocumentState.REVIEW, DocumentState.DUPLICATE, DocumentState.FAILED)
_NOTED = (DocumentState.REVIEW, DocumentState.DUPLICATE, DocumentState.FAILED)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing worth a sentence; `is_wrong`: the check fails for it."""

    subject: str
    sentence: str
    is_wrong: bool = True


async def audit(settings: Settings, ledger: Ledger) -> AsyncIterator[Finding]:
    """Compare every document's bytes, sidecar and note with the ledger, and look for claims it knows nothing of."""
    known = await list_documents(ledger, *DocumentState)
    for document in known:
        for finding in audit_document(settings, document):
            yield finding
    ids = {document.id for document in known}
    for claim in list_claims(settings.inbox.path / CLAIMS):
        if claim.id not in ids and claim.file is not None:
            yield Finding(claim.id, "is claimed and not admitted yet; the daemon goes on with it.", is_wrong=False)


def audit_document(settings: Settings, document: Document) -> list[Finding]:
    """What is wrong with one document."""
    if document.state is DocumentState.GONE:
        return [Finding(document.id, f"is gone: {document.place.path} was removed by someone.", is_wrong=False)]
    root = settings.inbox.path if document.place.root == "inbox" else settings.archive.path
    path = root / document.place.path
    findings = list(_audit_bytes(document, path))
    if document.state in _AT_REST and not findings:
        findings += _audit_companions(document, path)
    return findings


def _audit_bytes(document: Document, path: Path) -> list[Finding]:
    try:
        sha256, _ = hash_file(path)
    except FileNotFoundError:
        return [Finding(document.id, f"is {document.state.value}, but {document.place.path} is not there.")]
    except OSError as error:
        return [Finding(document.id, f"{document.place.path} cannot be read: {error.strerror}.")]
    if sha256 != document.sha256:
        return [Finding(document.id, f"{document.place.path} no longer has the bytes that were filed.")]
    return []


def _audit_companions(document: Document, path: Path) -> list[Finding]:
    findings = []
    if not names(read_sidecar(path), document.id, document.sha256):
        findings.append(Finding(document.id, f"{document.place.path}.json is missing or speaks of another document."))
    if document.state in _NOTED and not os.path.lexists(note_path(path)):
        findings.append(Finding(document.id, f"{document.place.path}.why.txt is missing.", is_wrong=False))
    return findings
