from __future__ import annotations

from pathlib import Path

import pytest

from expensed.config.schema import Settings
from expensed.web.guards.access import has_token, is_embedded, is_our_host, is_same_origin


def settings(**web):
    return Settings.at(Path("/somewhere"), web=web)


@pytest.mark.parametrize("host", ["localhost", "localhost.:80", "127.0.0.1:8765", "127.1.2.3", "[::1]", "[::1]:8765"])
def test_this_machine_is_known_by_its_loopback_names(host):
    assert is_our_host(host, settings())


@pytest.mark.parametrize(
    "host",
    [
        "",
        "evil.example",
        "127.0.0.1.evil.example",
        "0.0.0.0",
        "[::2]",
        "localhost:x",
        "a@localhost",
        "localhost/",
        "127.1",
    ],
)
def test_all_other_names_are_foreign(host):
    assert not is_our_host(host, settings())


def test_the_bound_name_is_known():
    assert is_our_host("ip6-localhost:8765", settings(host="ip6-localhost"))


def test_off_loopback_any_proper_name_will_do_because_a_token_is_needed():
    away = settings(host="0.0.0.0", token="secret")
    assert is_our_host("receipts.example", away)
    assert not is_our_host("receipts.example/../", away)


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        ("http://localhost:8765", "localhost:8765"),
        ("http://LOCALHOST:8765", "localhost:8765"),
        ("http://localhost", "localhost:80"),
        ("https://receipts.example", "receipts.example"),
        ("http://[::1]:8765", "[::1]:8765"),
    ],
)
def test_the_own_page_has_the_same_origin(origin, host):
    assert is_same_origin(origin, host)


@pytest.mark.parametrize(
    "origin", ["null", "", "http://localhost", "http://127.0.0.1:8765", "http://localhost:8765.evil.example", "file://localhost:8765",
               "http://localhost:8765@evil.example", "http://evil.example/localhost:8765"],
)  # fmt: skip
def test_any_other_page_has_not(origin):
    assert not is_same_origin(origin, "localhost:8765")


PUBLIC = "https://home.example:8443/expensed"


@pytest.mark.parametrize("host", ["home.example", "HOME.example:8443", "home.example:8765", "localhost:8765"])
def test_the_public_name_is_known_on_any_port(host):
    assert is_our_host(host, settings(address=PUBLIC))
    assert is_our_host(host, settings(address=PUBLIC, host="::1"))


@pytest.mark.parametrize("host", ["www.home.example", "home.example.evil.example", "example"])
def test_names_that_only_look_like_the_public_one_are_foreign(host):
    assert not is_our_host(host, settings(address=PUBLIC))


@pytest.mark.parametrize("host", ["127.0.0.1:8765", "home.example", "home.example:8443"])
def test_the_public_address_is_an_origin_of_ours_whatever_host_the_proxy_names(host):
    assert is_same_origin("https://home.example:8443", host, PUBLIC)
    assert is_same_origin("https://HOME.example:8443", host, PUBLIC)
    for origin in (
        "http://home.example:8443",
        "http://home.example",
        "https://home.example",
        "https://evil.example:8443",
    ):
        assert not is_same_origin(origin, host, PUBLIC)


def test_who_comes_without_the_proxy_has_the_origin_that_they_asked():
    assert is_same_origin("http://localhost:8765", "localhost:8765", PUBLIC)
    assert is_same_origin("http://home.example:8765", "home.example:8765", PUBLIC)
    assert is_same_origin("https://home.example", "localhost", "https://home.example")
    assert not is_same_origin("http://home.example", "localhost:8765", PUBLIC)


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_what_a_foreign_page_embeds_is_known_by_the_browsers_marks(site):
    for mode, dest in (("no-cors", "image"), ("cors", "empty"), ("navigate", "iframe"), ("", "")):
        assert is_embedded({"Sec-Fetch-Site": site, "Sec-Fetch-Mode": mode, "Sec-Fetch-Dest": dest})
    assert not is_embedded({"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"})


def test_curl_and_our_own_page_embed_nothing_foreign():
    for headers in ({}, {"Sec-Fetch-Site": "none"}, {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "cors"}):
        assert not is_embedded(headers)


def test_a_token_is_compared_whole():
    assert has_token("Bearer secret", "secret")
    assert has_token("bearer  secret ", "secret")
    for header in (
        "",
        "Bearer",
        "Bearer ",
        "Bearer secre",
        "Bearer secret2",
        "Basic secret",
        "secret",
        "Bearer s\udcffcret",
    ):
        assert not has_token(header, "secret")
