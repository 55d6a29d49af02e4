"""Checks of single values beyond their type. Every complaint is a ValueError that completes the sentence "NAME ..."."""

from __future__ import annotations

import ipaddress
import re
from pathlib import Path
from string import Formatter
from urllib.parse import SplitResult, urlsplit

from pydantic import SecretStr, ValidationInfo

from expensed.errors import SetupError
from expensed.model.money import is_currency

TEMPLATE_FIELDS = ("year", "month", "day", "date", "vendor", "category", "amount", "currency")
LOOPBACK_NAMES = ("localhost", "localhost.localdomain", "ip6-localhost")
HOST_NAME = re.compile(r"(?!-)[A-Za-z0-9_-]{1,63}(\.[A-Za-z0-9_-]{1,63})*\.?")
_ADDRESS = re.compile(
    r"(?P<scheme>https?)://(?P<host>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?P<port>:[0-9]{1,5})?"
    r"(?P<path>(/[A-Za-z0-9._~-]+)*)/?"
)
_OWN_PATHS = ("api", "healthz", "readyz", "metrics")
"""A prefix that begins so could not be told from a route."""
PART_BYTES_MAX = 120
"""Bytes of fixed text in one part of the template; a name has 255, and the fields, `_2` and endings need room."""


def absolute(path: Path, info: ValidationInfo) -> Path:
    """Return the folder as an absolute path; `~` is the home folder, a relative path starts at the context's `base`."""
    if not str(path) or path == Path() or "\0" in str(path):
        raise ValueError("must name a folder")
    base = (info.context or {}).get("base") or Path.cwd()
    try:
        path = Path(base).absolute() / path.expanduser()
    except RuntimeError:
        raise ValueError(f"starts with an unknown home folder ({path.parts[0]})") from None
    return path.resolve() if ".." in path.parts else path


def check_separate(*, state: Path, inbox: Path, archive: Path) -> None:
    """Raise SetupError if folders overlap so that a document could be mistaken for a file of another kind.

    Inbox and archive may both be inside the state folder, as in /var/lib/expensed.
    """
    real = {name: path.resolve() for name, path in (("state", state), ("inbox", inbox), ("archive", archive))}
    for inner, outer in (("inbox", "archive"), ("archive", "inbox"), ("state", "inbox"), ("state", "archive")):
        if real[inner].is_relative_to(real[outer]):
            same = real[inner] == real[outer]
            relation = "are the same folder" if same else f"overlap: {inner} is inside {outer}"
            raise SetupError(
                f"{inner}.path ({real[inner]}) and {outer}.path ({real[outer]}) {relation}.",
                hint=f"Give {inner}.path a folder outside of {outer}.path.",
                code="folders-overlap",
            )


def check_currency(code: str) -> str:
    """Return the code; ValueError if nobody pays in it. Empty is allowed."""
    if code and not is_currency(code):
        raise ValueError("is not the code of a currency, such as EUR or USD")
    return code


def check_account(account: str) -> str:
    """Return the account; ValueError unless beancount, ledger and hledger all take it. Empty is allowed.

    `{rate}` may stand for a tax's rate, with which a part of the name may begin and end.
    """
    parts = account.replace("{rate}", "0").split(":")
    if account and (len(parts) < 2 or not all(map(_is_part_of_account, parts)) or parts[0][0].isdigit()):
        raise ValueError(
            "must be an account such as Assets:VAT or Assets:VAT:{rate}: two parts or more between colons, of letters,"
            " digits and hyphens, each beginning with a capital letter or a digit"
        )
    return account


def _is_part_of_account(part: str) -> bool:
    return part != "" and not part[0].islower() and part[0] != "-" and part.replace("-", "0").isalnum()


def check_template(template: str) -> str:
    """Return the template; ValueError if it could leave the archive or fail to name a file."""
    try:
        pieces = list(Formatter().parse(template))
    except ValueError:
        raise ValueError("has an unmatched brace") from None
    for literal, field, spec, conversion in pieces:
        if "{" in literal or "}" in literal or spec or conversion:
            raise ValueError("may contain braces only around a field, as in {year}")
        if field is not None and field not in TEMPLATE_FIELDS:
            raise ValueError(f"has no field {{{field}}}, only {' '.join(f'{{{f}}}' for f in TEMPLATE_FIELDS)}")
    for part in template.split("/"):
        _check_part(part)
    if template.startswith("_"):
        raise ValueError("may not start with an underscore: those folders of the archive are expensed's own")
    if "{" not in template.rsplit("/", 1)[-1]:
        raise ValueError("must end in a name that contains a field, or all documents would have the same name")
    return template


def _check_part(part: str) -> None:
    if not part:
        raise ValueError("must be relative and end in a name: no / at its start or end, and no //")
    if part.startswith(".") or part.endswith((".", " ")) or part != part.lstrip():
        raise ValueError(f"may not contain {part!r}: no .., no hidden names, no space or dot at an end")
    if any(ord(char) < 32 or 0x7F <= ord(char) < 0xA0 or char in '\\:*?"<>|' for char in part):
        raise ValueError(f'may not contain {part!r}: no control characters and none of \\ : * ? " < > |')
    if len(re.sub(r"\{.*?\}", "", part).encode("utf-8", "surrogatepass")) > PART_BYTES_MAX:
        raise ValueError(f"may have at most {PART_BYTES_MAX} bytes of fixed text between two slashes")


def check_file_mode(mode: str) -> str:
    """Return an octal mode for files; ValueError unless its owner may read and write and nobody may run them."""
    bits = int(mode, 8)
    if bits & 0o600 != 0o600 or bits & 0o111:
        raise ValueError("must let the owner read and write, and nobody execute, as in 640 or 660")
    return mode


def check_folder_mode(mode: str) -> str:
    """Return an octal mode for folders; ValueError unless its owner may list, enter and write."""
    if int(mode, 8) & 0o700 != 0o700:
        raise ValueError("must let the owner read, write and enter, as in 2750 or 2770")
    return mode


def check_host(host: str) -> str:
    """Return the host; ValueError unless it is an address or a host name."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        if not HOST_NAME.fullmatch(host) or len(host) > 253 or re.fullmatch(r"[\d.]+", host):
            raise ValueError("must be an IP address or a host name, without port") from None
    return host


def check_networks(addresses: tuple[str, ...]) -> tuple[str, ...]:
    """Return the addresses; ValueError unless each is an IP address or network."""
    for address in addresses:
        try:
            ipaddress.ip_network(address, strict=False)
        except ValueError:
            raise ValueError(f"must hold IP addresses or networks, which {address!r} is not") from None
    return addresses


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach a server that listens there."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower().rstrip(".") in LOOPBACK_NAMES


def check_public_address(address: str) -> str:
    """Return the address in lower case up to its path and without a slash at its end; empty stays empty.

    ValueError unless it is one at which a proxy can offer expensed.
    """
    if not address:
        return ""
    match = _ADDRESS.fullmatch(address)
    if match is None:
        raise ValueError("must be like https://receipts.example or https://home.example/expensed, or empty")
    host, port, path = match["host"].lower().rstrip("."), match["port"] or "", match["path"]
    check_host(host.strip("[]"))
    if port and not 0 < int(port[1:]) < 65_536:
        raise ValueError(f"has a port that cannot exist ({port[1:]})")
    steps = path.split("/")[1:]
    if {".", ".."} & set(steps):
        raise ValueError("may not contain . or .. as a part of its path")
    if steps and steps[0] in _OWN_PATHS:
        raise ValueError(f"may not have a path that begins with /{steps[0]}, which is a path of expensed itself")
    return f"{match['scheme']}://{host}{port}{path}"


def check_token(token: SecretStr) -> SecretStr:
    """Return the token; ValueError unless it can be sent in an HTTP header."""
    if not re.fullmatch(r"[!-~]*", token.get_secret_value()):
        raise ValueError("may contain only ASCII letters, digits and punctuation, no spaces")
    return token


def check_redis_url(url: str) -> str:
    """Return the address; ValueError unless it is empty or one that the Redis client accepts."""
    if url and not _is_redis_url(url):
        raise ValueError("must be redis://HOST:PORT/DB, rediss://HOST:PORT/DB, unix:///PATH, or empty")
    return url


def _is_redis_url(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return bool(parts.path) if parts.scheme == "unix" else _is_server(parts)
    except ValueError:
        return False


def _is_server(parts: SplitResult) -> bool:
    return parts.scheme in ("redis", "rediss") and bool(parts.hostname) and (parts.port is None or parts.port > 0)


def without_repeats(values: tuple[str, ...]) -> tuple[str, ...]:
    """Return the values in order, each once."""
    return tuple(dict.fromkeys(values))


def lowered(value: object) -> object:
    """Return text in lower case; anything else unchanged."""
    return value.lower() if isinstance(value, str) else value


def spelt_out(value: object) -> object:
    """Return `true` and `false` as yes and no, for a setting with a third choice."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return {"true": "yes", "false": "no"}.get(value.lower(), value.lower()) if isinstance(value, str) else value
