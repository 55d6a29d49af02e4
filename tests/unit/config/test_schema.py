"""What each setting allows."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from expensed.config.describe import Setting, all_settings, allowed_values
from expensed.config.schema import Settings
from expensed.errors import SetupError

BASE = Path("/somewhere")


def settings(**sections: dict[str, Any]) -> Settings:
    return Settings.at(BASE, **sections)


def test_defaults_hold_together():
    assert settings() == settings(state={"path": "/somewhere/state"})
    assert settings().web.port == 8765
    assert settings().reading.max_pixels == 200_000_000


def test_settings_cannot_be_changed():
    with pytest.raises(ValidationError):
        settings().web.port = 1


@pytest.mark.parametrize("setting", list(all_settings()), ids=lambda setting: setting.name)
def test_every_setting_says_what_it_does_and_what_it_takes(setting: Setting):
    assert setting.description.endswith((".", ").")), "a setting is described in sentences"
    assert len(setting.description) > 20
    assert allowed_values(setting.field)
    unit = {"_s": "econds", "_mb": "Megabytes"}.get("_" + setting.key.rpartition("_")[2])
    if unit and setting.name != "web.rate_per_s":
        assert unit in setting.description


@pytest.mark.parametrize(
    ("section", "key", "value"),
    [
        ("inbox", "settle_s", 0),
        ("inbox", "patience_s", -1),
        ("inbox", "rescan_s", float("nan")),
        ("inbox", "path", ""),
        ("inbox", "path", "a\0b"),
        ("inbox", "path", "~no-such-user-here/x"),
        ("reading", "engine", "magic"),
        ("reading", "languages", []),
        ("reading", "languages", ["../eng"]),
        ("reading", "workers", 1.5),
        ("reading", "max_pages", 0),
        ("reading", "memory_mb", 10),
        ("reading", "time_limit_s", 240),
        ("reading", "soft_time_limit_s", 300),
        ("extraction", "default_currency", "euro"),
        ("extraction", "default_currency", "ZZZ"),
        ("extraction", "review_below", 1.1),
        ("extraction", "day_first", "maybe"),
        ("export", "tax_account", "VAT"),
        ("export", "tax_account", "Assets:vat"),
        ("export", "tax_account", "Assets:"),
        ("export", "tax_account", "1:VAT"),
        ("export", "tax_account", "Assets:-VAT"),
        ("export", "tax_account", "Assets:VAT 19"),
        ("export", "tax_account", "Assets:{day}"),
        ("export", "tax_account", "Assets:VAT\nAssets:B"),
        ("export", "split_items", "perhaps"),
        ("queue", "url", "localhost:6379"),
        ("queue", "url", "redis://"),
        ("queue", "url", "redis://host:99999/0"),
        ("queue", "url", "unix://"),
        ("web", "port", 65536),
        ("web", "port", True),
        ("web", "host", ""),
        ("web", "host", "300.1.1.1"),
        ("web", "host", "localhost:80"),
        ("web", "token", "two words"),
        ("web", "token", "schlüssel"),
        ("log", "level", "loud"),
    ],
)
def test_a_value_out_of_bounds_is_refused(section: str, key: str, value: object):
    with pytest.raises(ValidationError) as caught:
        settings(**{section: {key: value}})
    assert all(error["loc"][0] == section for error in caught.value.errors())


@pytest.mark.parametrize(
    ("section", "key", "value"),
    [
        ("queue", "url", "redis://localhost"),
        ("queue", "url", "rediss://user:pw@redis.example:6380/2"),
        ("queue", "url", "unix:///run/redis.sock"),
        ("web", "host", "::1"),
        ("web", "host", "localhost"),
        ("web", "port", 0),
        ("extraction", "day_first", "no"),
        ("export", "tax_account", "Assets:1-VAT:Q{rate}"),
        ("export", "tax_account", "Активы:НДС:{rate}"),
        ("export", "split_items", True),
        ("reading", "languages", ["chi_sim", "script/Latin"]),
        ("reading", "workers", 0),
        ("inbox", "settle_s", 2),
    ],
)
def test_a_value_within_bounds_is_kept(section: str, key: str, value: object):
    kept = getattr(getattr(settings(**{section: {key: value}}), section), key)
    assert kept == (tuple(value) if isinstance(value, list) else value)


def test_a_language_named_twice_counts_once():
    assert settings(reading={"languages": ["deu", "eng", "deu"]}).reading.languages == ("deu", "eng")


def test_true_and_false_are_words_for_yes_and_no():
    assert settings(extraction={"day_first": True}).extraction.day_first == "yes"
    assert settings(extraction={"day_first": False}).extraction.day_first == "no"


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "nas.local"])
def test_an_address_that_others_can_reach_needs_a_token(host: str):
    with pytest.raises(ValidationError, match=r"is needed because web\.host"):
        settings(web={"host": host})
    assert settings(web={"host": host, "token": "t0ken"}).web.host == host


@pytest.mark.parametrize(
    ("address", "kept", "prefix"),
    [
        ("", "", ""),
        ("https://receipts.example", "https://receipts.example", ""),
        ("https://receipts.example/", "https://receipts.example", ""),
        ("https://Home.Example:8443/Expensed/", "https://home.example:8443/Expensed", "/Expensed"),
        ("http://[fd00::1]/a/b.c", "http://[fd00::1]/a/b.c", "/a/b.c"),
    ],
)
def test_the_public_address_is_kept_without_a_slash_at_its_end(address: str, kept: str, prefix: str):
    assert (settings(web={"address": address}).web.address, settings(web={"address": address}).web.prefix) == (
        kept,
        prefix,
    )


@pytest.mark.parametrize(
    ("address", "complaint"),
    [
        ("receipts.example", "must be like"),
        ("ftp://receipts.example", "must be like"),
        ("https://a@receipts.example", "must be like"),
        ("https://receipts.example/?a=b", "must be like"),
        ("https://receipts.example//a", "must be like"),
        ("https://receipts.example/a b", "must be like"),
        ("https://receipts.example/%2e%2e", "must be like"),
        ("https://receipts.example/{id}", "must be like"),
        ("https://receipts.example/a/../b", "may not contain"),
        ("https://receipts.example:0", "has a port that cannot exist"),
        ("https://receipts.example:70000", "has a port that cannot exist"),
        ("https://home.example/api/expensed", "may not have a path that begins with /api"),
        ("https://-.example", "must be an IP address or a host name"),
        ("https://1.2.3", "must be an IP address or a host name"),
    ],
)
def test_a_public_address_that_no_proxy_could_offer_is_refused(address: str, complaint: str):
    with pytest.raises(ValidationError, match=complaint):
        settings(web={"address": address})


@pytest.mark.parametrize(
    "template",
    [
        "{vendor}",
        "{year}/{month}/{day}/{date} {vendor} {amount}-{currency}",
        "Belege/{category}/{vendor}",
        "{year}/€ {amount}",
    ],
)
def test_a_template_that_stays_in_the_archive_is_kept(template: str):
    assert settings(archive={"template": template}).archive.template == template


@pytest.mark.parametrize(
    "template",
    [
        "",
        "/{year}/{vendor}",
        "{year}/{vendor}/",
        "{year}//{vendor}",
        "{year}/../{vendor}",
        "./{vendor}",
        ".hidden/{vendor}",
        "_review/{vendor}",
        "{year}/receipt",
        "{year}/{total}",
        "{}",
        "{0}",
        "{vendor.__class__}",
        "{vendor[0]}",
        "{vendor!r}",
        "{amount:>10}",
        "{{vendor}}",
        "{vendor",
        "vendor}",
        "a\\{vendor}",
        "{year}/a\n{vendor}",
        "{year}\0/{vendor}",
        "{year} /{vendor}",
        "C:{vendor}",
        "x" * 121 + "{vendor}",
    ],
)
def test_a_template_that_could_leave_the_archive_or_names_nothing_is_refused(template: str):
    with pytest.raises(ValidationError):
        settings(archive={"template": template})


@pytest.mark.parametrize(
    ("state", "inbox", "archive"),
    [
        ("s", "x", "x"),
        ("s", "x/inbox", "x"),
        ("s", "x", "x/archive"),
        ("x/state", "x", "a"),
        ("x/state", "i", "x"),
        ("s", "a/b/../..", "a"),
    ],
)
def test_folders_may_not_overlap(state: str, inbox: str, archive: str):
    with pytest.raises(SetupError) as caught:
        settings(state={"path": state}, inbox={"path": inbox}, archive={"path": archive})
    assert caught.value.code == "folders-overlap"


def test_folders_that_share_the_beginning_of_a_name_do_not_overlap():
    assert settings(inbox={"path": "x"}, archive={"path": "x-archive"}).archive.path == BASE / "x-archive"


def test_inbox_and_archive_may_lie_in_the_state_folder():
    folder = "/var/lib/expensed"
    kept = settings(state={"path": folder}, inbox={"path": f"{folder}/i"}, archive={"path": f"{folder}/a"})
    assert kept.inbox.path == Path(folder, "i")


def test_folders_that_overlap_through_a_link_are_found(tmp_path: Path):
    (tmp_path / "archive").mkdir()
    (tmp_path / "inbox").symlink_to("archive")
    with pytest.raises(SetupError, match="same folder"):
        Settings.at(tmp_path)


def test_the_settings_in_the_page_about_proxies_are_valid():
    text = (Path(__file__).parents[3] / "docs" / "proxy.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    kept = settings(**tomllib.loads(example)).web
    assert (kept.address, kept.proxy) == ("https://receipts.example", ("127.0.0.1",))
