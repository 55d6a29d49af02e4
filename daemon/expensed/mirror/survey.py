"""Find every document that the archive tells of, by its sidecars and its records, and settle which of them count."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from expensed.archive.inventory import list_archive
from expensed.archive.records import GoneRecord, PresentRecord, VendorRecord, document_id, read_records
from expensed.archive.sidecar import Sidecar, read_sidecar, sidecar_path
from expensed.model.text import display_name
from expensed.model.vendor_name import VendorName


@dataclass(frozen=True, slots=True)
class Told:
    """A document that a sidecar or a record tells of, without what takes much room; `path`: where its sidecar lies."""

    id: str
    admitted: str
    number: int | None
    duplicate_of: str | None
    path: str | None = None
    is_there: bool = False
    rank: tuple[bool, bool, str] = (False, False, "")
    """Of two sidecars with one id the greater counts: the document is there, where it was filed, and latest."""


@dataclass(slots=True)
class Survey:
    """What was found; `remarks` are sentences about what a person should look at."""

    documents: list[Told] = field(default_factory=list)
    """Every document, numbered, in the order of the numbers."""
    gone: dict[str, GoneRecord] = field(default_factory=dict)
    """The records of those whose file is gone, by id."""
    present: dict[str, PresentRecord] = field(default_factory=dict)
    names: list[VendorName] = field(default_factory=list)
    """What people have said of the names of sellers, oldest first."""
    remarks: list[str] = field(default_factory=list)

    @property
    def numbers(self) -> Mapping[str, int]:
        """The number of each document, by id."""
        return {each.id: each.number for each in self.documents if each.number is not None}


def survey_archive(archive: Path) -> Survey:
    """Read all that the archive tells; OSError if part of it cannot be read."""
    survey = Survey()
    _read_records(archive, survey)
    told: dict[str, Told] = {}
    for each in _read_sidecars(archive, survey):
        other = told.setdefault(each.id, each)
        if other is not each:
            better, worse = (each, other) if each.rank > other.rank else (other, each)
            told[each.id] = better
            counts, other_place = display_name(better.path or ""), display_name(worse.path or "")
            survey.remarks.append(f"{each.id} lies twice: {counts} counts, {other_place} does not.")
    survey.gone = {name: record for name, record in survey.gone.items() if name not in told or not told[name].is_there}
    told |= {name: _tell_gone(record) for name, record in survey.gone.items()}
    survey.documents = _number(list(told.values()))
    return survey


def _read_records(archive: Path, survey: Survey) -> None:
    for record in read_records(archive):
        if isinstance(record, VendorRecord):
            survey.names.append(record.said)
            continue
        name = document_id(record)
        if isinstance(record, GoneRecord):
            survey.gone[name] = record
            survey.present.pop(name, None)
        else:
            survey.present[name] = record
            survey.gone.pop(name, None)


def _read_sidecars(archive: Path, survey: Survey) -> Iterator[Told]:
    for item in list_archive(archive):
        if not item.has_sidecar:
            continue
        shown = display_name(item.path)
        try:
            sidecar = read_sidecar(sidecar_path(archive / item.path))
        except ValueError as error:
            survey.remarks.append(f"{shown}.json cannot be understood, so its document is left out: {error}.")
            continue
        if sidecar is None:
            continue
        if not item.is_there and sidecar.id not in survey.gone:
            survey.remarks.append(f"{shown}.json lies without its document.")
        yield _tell(sidecar, survey.present.get(sidecar.id), item.path, is_there=item.is_there)


def _tell(sidecar: Sidecar, record: PresentRecord | None, path: str, *, is_there: bool) -> Told:
    number = sidecar.number if sidecar.number is not None or record is None else record.number
    return Told(
        id=sidecar.id,
        admitted=sidecar.times.admitted,
        number=number,
        duplicate_of=sidecar.duplicate_of,
        path=path,
        is_there=is_there,
        rank=(is_there, path == sidecar.path, sidecar.times.filed),
    )


def _tell_gone(record: GoneRecord) -> Told:
    document = record.document
    return Told(document.id, document.times.admitted, document.number, document.duplicate_of)


def _number(told: list[Told]) -> list[Told]:
    """Return the documents in the order of their numbers; if some lack one, number all by the time of admission."""
    numbers = {each.number for each in told}
    if None not in numbers and len(numbers) == len(told):
        return sorted(told, key=lambda each: each.number or 0)
    told.sort(key=lambda each: (each.admitted, each.number or 0, each.id))
    return [replace(each, number=number) for number, each in enumerate(told, 1)]
