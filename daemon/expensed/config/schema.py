"""Every setting: its name, type, default, bounds and what it does. The sample file and error messages are made from it.

Folders become absolute: relative ones start at the `base` of the validation context (see `Settings.at`), else at the
current folder.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationInfo,
    field_validator,
    model_validator,
)

from expensed.config.category_checks import check_category_name, check_own, check_standard, check_words, find_standard
from expensed.config.checks import (
    absolute,
    check_account,
    check_currency,
    check_file_mode,
    check_folder_mode,
    check_host,
    check_networks,
    check_public_address,
    check_redis_url,
    check_separate,
    check_template,
    check_token,
    is_loopback,
    lowered,
    spelt_out,
    without_repeats,
)
from expensed.model import categories
from expensed.model.admission import FolderMeaning

Folder = Annotated[Path, AfterValidator(absolute)]
Count = Annotated[int, Field(strict=True)]
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Words = Annotated[tuple[str, ...], Field(max_length=1000), AfterValidator(check_words)]
Language = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]*(/[A-Za-z0-9_]+)?$", max_length=40)]

A_DAY_S = 86_400


class Section(BaseModel):
    """A group of settings; its docstring is the section's heading in the sample file."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", validate_default=True, use_attribute_docstrings=True, hide_input_in_errors=True
    )


class State(Section):
    """The folder in which expensed keeps its own data."""

    path: Folder = Path("state")
    """Folder of the ledger (a SQLite database) and of the lock that prevents a second daemon. Keep it on a local
    disk."""


class Inbox(Section):
    """The watched folder."""

    path: Folder = Path("inbox")
    """Folder to drop receipts into. Each file is moved out of it as soon as it is complete."""
    settle_s: Number = Field(default=1.0, gt=0, le=3600)
    """Seconds that a file must stay unchanged before it is taken, if its format does not show where it ends (and for
    every PDF and TIFF, because scanners append pages to them)."""
    patience_s: Number = Field(default=30.0, gt=0, le=A_DAY_S)
    """Seconds that a file that looks truncated may stay unchanged before it is read as it is and sent to review."""
    rescan_s: Number = Field(default=15.0, gt=0, le=A_DAY_S)
    """Seconds between two scans of the whole folder, which find files that the file system did not announce."""
    watch: Literal["auto", "native", "poll"] = "auto"
    """How new files are noticed: native (inotify), poll (scan the folder repeatedly; needed if another machine writes
    to a network folder), or auto (poll on network file systems, native elsewhere)."""
    subfolders: FolderMeaning = "nothing"
    """What the name of a subfolder says of the documents that are dropped into it, or into folders below it: their
    category (one of the known ones, or a new one of that name), their payer or their project."""


class Archive(Section):
    """The folder in which documents are filed."""

    path: Folder = Path("archive")
    """Folder of the filed documents; _review, _duplicates and _failed are in it too. It belongs to one daemon: a second
    one that files there does not know the first one's documents."""
    template: Annotated[str, AfterValidator(check_template)] = "{year}/{category}/{date}_{vendor}_{amount}-{currency}"
    """Folders and file name of a filed document, relative to the archive, without the extension. Fields: {year} {month}
    {day} {date} {vendor} {category} {amount} {currency}."""
    names: Literal["auto", "ascii", "unicode"] = "auto"
    """The letters of {vendor}: auto (Latin letters without accents, other scripts as they are), ascii (all in plain
    Latin letters, transcribed if need be) or unicode (all as they are, with accents)."""
    file_mode: Annotated[str, Field(pattern="^0?[0-7]{3}$"), AfterValidator(check_file_mode)] = "640"
    """Mode of the files in the archive, in octal, whatever the umask: 660 lets the group change them, as on a share of
    a family or an office."""
    folder_mode: Annotated[str, Field(pattern="^[0-7]{3,4}$"), AfterValidator(check_folder_mode)] = "2750"
    """Mode of the folders in the archive, in octal, whatever the umask: 2770 goes with the file mode 660. The first 2
    lets new files inherit the folder's group."""


class Reading(Section):
    """From an image or PDF to words."""

    engine: Literal["auto", "paddle", "tesseract"] = "auto"
    """The OCR engine for images: paddle (PP-OCRv6), tesseract, or auto (paddle if it is installed)."""
    languages: Annotated[tuple[Language, ...], Field(min_length=1, max_length=20), AfterValidator(without_repeats)] = (
        "auto",
    )
    """Languages of the documents: auto (Latin letters, and those of every script whose package is installed; English
    alone with the engine tesseract), or names of tesseract's models (eng, deu, Cyrillic, ...), most frequent first."""
    second_look: bool = True
    """Whether a larger model reads the doubtful parts of a document again (paddle only, and with a memory_mb of 500 or
    more): more documents need nobody, each doubtful one costs about twice as much."""
    workers: Count = Field(default=0, ge=0, le=256)
    """How many documents are read at the same time; 0: one per processor core."""
    soft_time_limit_s: Number = Field(default=240.0, gt=0, le=A_DAY_S)
    """Seconds of reading after which the remaining pages are skipped and the document goes to review; less than
    time_limit_s."""
    time_limit_s: Number = Field(default=300.0, gt=0, le=A_DAY_S)
    """Seconds of reading after which the reading process is killed; the document is retried once."""
    max_pages: Count = Field(default=200, ge=1, le=100_000)
    """Maximum number of pages in a document; a longer one fails as too large."""
    max_pixels: Count = Field(default=200_000_000, ge=1_000_000, le=10_000_000_000)
    """Maximum number of pixels (width times height) in a page; a larger one fails as too large."""
    memory_mb: Count = Field(default=1500, ge=256, le=1_048_576)
    """Megabytes of memory that one reading process may use before it is killed."""
    idle_exit_s: Number = Field(default=60.0, gt=0, le=A_DAY_S)
    """Seconds without work after which the reading processes end; they start again automatically."""

    @field_validator("time_limit_s")
    @classmethod
    def _hard_after_soft(cls, value: float, info: ValidationInfo) -> float:
        soft = info.data.get("soft_time_limit_s")
        if soft is not None and value <= soft:
            raise ValueError(f"must be more than reading.soft_time_limit_s, which is {soft:g}")
        return value


class Extraction(Section):
    """From words to vendor, date, amount, currency and category."""

    default_currency: Annotated[str, AfterValidator(check_currency)] = Field(
        default="",
        pattern=r"^([A-Z]{3})?$",
        json_schema_extra={"allowed": "a code of three capital letters (EUR, USD, ...), or empty"},
    )
    """Currency (EUR, USD, ...) of documents that name none or only print a sign that several currencies share, such as
    $; empty: such documents go to review."""
    day_first: Annotated[Literal["auto", "yes", "no"], BeforeValidator(spelt_out)] = "auto"
    """How 03/04/2024 is read: yes (3 April), no (March 4), or auto (judged by the rest of the document)."""
    review_below: Number = Field(default=0.97, ge=0, le=1)
    """Probability below which an unproven amount, date or currency sends the document to review."""


class OwnCategory(Section):
    """A category of one's own, or what is added to one of the sixteen."""

    words: Words = ()
    """Words, or several in a row, that stand on papers of this category."""
    sellers: Words = ()
    """Names of sellers whose documents all belong here."""
    instead_of: Annotated[str, AfterValidator(check_standard)] = Field(
        default="", json_schema_extra={"allowed": "the name of one of the sixteen categories, or empty"}
    )
    """The one of the sixteen that gets this name."""


class Categories(Section):
    """The categories, besides or in place of the sixteen that expensed knows."""

    standard: bool = True
    """Whether the sixteen categories stay besides yours; if not, only Other does, and those that yours replace."""
    own: dict[Annotated[str, AfterValidator(check_category_name)], OwnCategory] = Field(
        default={},
        max_length=1000,
        json_schema_extra={"allowed": 'a table of categories, as in {Hosting = {words = ["cloud server"]}}'},
    )
    """Categories of your own, each a table below this section, such as [categories.own.Hosting] with any of these
    lines: words = ["cloud server", "vps"] (a paper with one of them belongs there; of several categories, the one with
    the longest phrase counts, then the one with most words), sellers = ["Ahornhost"] (all their papers do, whatever
    stands on them), instead_of = "Software & Services" (the name of one of the sixteen, whose place it takes). The name
    of one of the sixteen itself adds words and sellers to it."""

    @property
    def known(self) -> categories.Categories:
        """The categories in force."""
        return categories.Categories(tuple(_list_own(self.own)), self.standard)

    @field_validator("own")
    @classmethod
    def _claim_nothing_twice(cls, value: dict[str, OwnCategory]) -> dict[str, OwnCategory]:
        check_own([*_list_own(value)])
        return value


def _list_own(own: Mapping[str, OwnCategory]) -> Iterator[categories.OwnCategory]:
    for name, each in own.items():
        spelt = find_standard(name) or name
        yield categories.OwnCategory(spelt, each.words, each.sellers, each.instead_of or None)


class Export(Section):
    """Entries for beancount, ledger and hledger."""

    tax_account: Annotated[str, AfterValidator(check_account)] = Field(
        default="", max_length=200, json_schema_extra={"allowed": "an account such as Assets:VAT:{rate}, or empty"}
    )
    """Account that gets the taxes of an expense, such as Assets:VAT or Assets:VAT:{rate}, with a posting for each rate;
    empty: taxes stay part of the expense."""
    split_items: bool = False
    """Whether items of another category than their document's are posted to the account of their own category."""


class Queue(Section):
    """The queue between intake and reading."""

    url: Annotated[str, AfterValidator(check_redis_url), Field(json_schema_extra={"secret": True})] = ""
    """Address of a Redis server (redis://, rediss:// or unix://); empty: expensed runs its own private one. Losing
    Redis loses no work."""
    result_expires_s: Number = Field(default=3600.0, gt=0, le=366 * A_DAY_S)
    """Seconds for which the outcome of an extraction or filing requested over HTTP can be queried by its task's id.
    Documents, and the tasks of dropped files, do not expire."""
    backlog_max: Count = Field(default=10_000, ge=1, le=10_000_000)
    """Number of unfinished tasks at which new ones are not accepted: files wait in the inbox until there are fewer, and
    HTTP answers 429."""


class Web(Section):
    """The HTTP server: status page, progress and API."""

    host: Annotated[str, AfterValidator(check_host)] = "127.0.0.1"
    """Address to listen on. Any other than loopback (127.0.0.1, ::1, localhost) needs a token."""
    port: Count = Field(default=8765, ge=0, le=65_535)
    """TCP port to listen on; 0: any free port, which the log names."""
    address: Annotated[str, AfterValidator(check_public_address)] = ""
    """Address at which a reverse proxy offers expensed, such as https://receipts.example or https://home.example/expensed;
    empty: there is none. Set a token too, or let the proxy ask for a password: otherwise anyone who can reach the
    address can use expensed. docs/proxy.md has examples."""
    token: Annotated[SecretStr, AfterValidator(check_token)] = Field(
        default=SecretStr(""), json_schema_extra={"secret": True}
    )
    """Secret that clients send as `Authorization: Bearer TOKEN`; empty: none is required. A file that holds one should
    be readable by expensed only."""
    proxy: Annotated[tuple[str, ...], Field(max_length=100), AfterValidator(check_networks)] = ()
    """Addresses (or networks, as 172.18.0.0/16) of reverse proxies in front of expensed: many clients share such an
    address, while every other one may have only a limited number of connections without a permitted request."""
    max_upload_mb: Count = Field(default=50, ge=1, le=100_000)
    """Megabytes (of 1,048,576 bytes) that one uploaded file may have at most."""
    rate_per_s: Number = Field(default=50.0, gt=0, le=1_000_000)
    """Requests per second that create work (upload, extract, process, retry) and that one client may make in the long
    run; more are refused for the moment (429). A client is an address, or everyone who has the token."""
    rate_burst: Count = Field(default=1000, ge=1, le=1_000_000)
    """Such requests that one client may make at once before rate_per_s applies."""

    @property
    def prefix(self) -> str:
        """The path of the public address, such as /expensed; empty if it has none."""
        return urlsplit(self.address).path

    @field_validator("token")
    @classmethod
    def _needed_off_loopback(cls, value: SecretStr, info: ValidationInfo) -> SecretStr:
        host = info.data.get("host")
        if host is not None and not is_loopback(host) and not value.get_secret_value():
            raise ValueError(f"is needed because web.host ({host}) can be reached from other machines")
        return value


class Log(Section):
    """The log that the daemon writes to standard error."""

    format: Literal["auto", "text", "json"] = "auto"
    """text, json (one object per line), or auto (text, without the time if the systemd journal adds it)."""
    level: Annotated[Literal["debug", "info", "warning", "error"], BeforeValidator(lowered)] = "info"
    """The lowest level of messages that are written."""


class Settings(BaseModel):
    """All settings of one daemon; immutable."""

    model_config = Section.model_config

    state: State = Field(default_factory=State)
    inbox: Inbox = Field(default_factory=Inbox)
    archive: Archive = Field(default_factory=Archive)
    reading: Reading = Field(default_factory=Reading)
    extraction: Extraction = Field(default_factory=Extraction)
    categories: Categories = Field(default_factory=Categories)
    export: Export = Field(default_factory=Export)
    queue: Queue = Field(default_factory=Queue)
    web: Web = Field(default_factory=Web)
    log: Log = Field(default_factory=Log)

    @classmethod
    def at(cls, base: Path, /, **sections: Any) -> Self:
        """Return settings whose relative folders start at `base`; sections are mappings, `web={"port": 0}`.

        Raises pydantic's ValidationError for bad values, SetupError for overlapping folders.
        """
        return cls.model_validate(sections, context={"base": base})

    @model_validator(mode="before")
    @classmethod
    def _name_every_section(cls, given: Any) -> Any:
        """Validate absent sections too: defaults made by a factory would not see the context's base."""
        return {name: {} for name in cls.model_fields} | given if isinstance(given, dict) else given

    @model_validator(mode="after")
    def _keep_folders_apart(self) -> Self:
        check_separate(state=self.state.path, inbox=self.inbox.path, archive=self.archive.path)
        return self
