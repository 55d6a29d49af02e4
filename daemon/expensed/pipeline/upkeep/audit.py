"""Check that the files on disk agree with the ledger; changes nothing, so the ledger may be open read-only."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Collection
from pathlib import Path

from expensed.archive.sidecar import belongs_to, note_path, read_owner
from expensed.config.schema import Settings
from expensed.disk.claims import CLAIMS, list_claims
from expensed.disk.files import has_bytes, hash_file
from expensed.ledger.documents import find_document, get_document, list_document_numbers
from expensed.ledger.rows import Document
from expensed.ledger.store import Ledger
from expensed.model.states import DocumentState, Outcome, Root
from expensed.model.text import display_name
from expensed.pipeline.context import name_places
from expensed.pipeline.upkeep.strays import Finding, find_strays

_AT_REST = frozenset(DocumentState(outcome) for outcome in Outcome)
_NOTED = _AT_REST - {DocumentState.FILED}
_UNNEEDED = {DocumentState.DUPLICATE: "is a duplicate", DocumentState.DISCARDED: "was discarded"}


LOOKS_AGAIN = 2
LOOK_AGAIN_S = 0.5


async def audit(settings: Settings, ledger: Ledger) -> AsyncIterator[Finding]:
    """Compare every document's bytes, sidecar and note with the ledger, and look for what it knows nothing of.

    A daemon may be at work meanwhile, so whatever seems wrong is looked at again, all together, before it is reported.
    """
    away = _find_away(settings, ledger)
    for finding in away.values():
        yield finding
    async for finding in _audit_documents(settings, ledger, away.keys()):
        yield finding
    if Root.INBOX not in away:
        async for finding in _audit_claims(settings, ledger):
            yield finding
    if Root.ARCHIVE not in away:
        async for finding in find_strays(settings.archive.path, ledger):
            yield finding


def _find_away(settings: Settings, ledger: Ledger) -> dict[Root, Finding]:
    """Return a finding for inbox and archive each if it is not this ledger's, as when its disk is not mounted."""
    places = name_places(settings, ledger)
    roots = ((Root.INBOX, places.inbox), (Root.ARCHIVE, places.archive))
    troubles = {root: (folder, folder.find_trouble()) for root, folder in roots}
    return {
        root: Finding(f"{folder.path}:", f"{trouble} Its documents are not checked.")
        for root, (folder, trouble) in troubles.items()
        if trouble is not None
    }


async def _audit_documents(settings: Settings, ledger: Ledger, away: Collection[Root]) -> AsyncIterator[Finding]:
    suspects = []
    for number in await list_document_numbers(ledger):
        document = await get_document(ledger, number)
        findings = audit_document(settings, document) if document.place.root not in away else []
        if any(finding.is_wrong for finding in findings):
            suspects.append(number)
            continue
        for finding in findings:
            yield finding
    for finding in await _look_again(settings, ledger, suspects):
        yield finding


async def _audit_claims(settings: Settings, ledger: Ledger) -> AsyncIterator[Finding]:
    for claim in list_claims(settings.inbox.path / CLAIMS):
        if claim.file is not None and await find_document(ledger, claim.id) is None:
            yield Finding(claim.id, "is claimed but not admitted yet; the daemon will continue.", is_wrong=False)


async def _look_again(settings: Settings, ledger: Ledger, suspects: list[int]) -> list[Finding]:
    """Return what is worth saying about documents that seemed wrong, once it has had time to change."""
    found: dict[int, list[Finding]] = {}
    for _ in range(LOOKS_AGAIN if suspects else 0):
        await asyncio.sleep(LOOK_AGAIN_S)
        for number in suspects:
            found[number] = audit_document(settings, await get_document(ledger, number))
        suspects = [number for number in suspects if any(finding.is_wrong for finding in found[number])]
    return [finding for findings in found.values() for finding in findings]


def audit_document(settings: Settings, document: Document) -> list[Finding]:
    """Return what is worth saying about one document."""
    if document.state is DocumentState.GONE:
        if has_bytes(settings.archive.path / document.place.path, document.sha256):
            return [Finding(document.id, "is back in its place; the daemon will pick it up.", is_wrong=False)]
        return [
            Finding(
                document.id, f"is gone: {display_name(document.place.path)} was removed by someone.", is_wrong=False
            )
        ]
    root = settings.inbox.path if document.place.root is Root.INBOX else settings.archive.path
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
    """Explain a missing file, which is wrong unless it was in one of the folders for what is not filed."""
    if document.state in _UNNEEDED:
        return Finding(
            document.id, f"{_UNNEEDED[document.state]}, and {shown} was deleted, which is fine.", is_wrong=False
        )
    if document.state in _NOTED:
        return Finding(document.id, f"was moved away from {shown} by someone.", is_wrong=False)
    sentence = f"is {document.state.value}, but {shown} is missing. Put it back, from where it was moved or a backup"
    return Finding(document.id, f"{sentence}, together with its .json.")


def _audit_companions(document: Document, path: Path) -> list[Finding]:
    findings = []
    shown = display_name(document.place.path)
    if not belongs_to(read_owner(path), document.id, document.sha256):
        findings.append(Finding(document.id, f"{shown}.json is missing or belongs to another document."))
    if document.state in _NOTED and not os.path.lexists(note_path(path)):
        findings.append(Finding(document.id, f"{shown}.why.txt is missing.", is_wrong=False))
    return findings
