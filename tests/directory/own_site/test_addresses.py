"""Addresses that are nobody's public site: refused before anything is resolved or connected to."""

from typing import Any

import pytest

from directory.own_site import addresses, fetching
from directory.own_site.refusals import BadAddress, CannotRead, PrivateAddress
from tests.directory.own_site.conftest import numbers

REFUSED = [
    "http://127.0.0.1/", "http://127.1/", "http://127.0.1/", "http://2130706433/", "http://0x7f000001/",
    "http://0x7f.1/", "http://0177.0.0.1/", "http://017700000001/", "http://127.0.0.1./", "http://0/",
    "http://0.0.0.0/", "http://10.0.0.8/", "http://172.16.4.1/", "http://192.168.1.1/", "http://169.254.169.254/",
    "http://100.64.0.1/", "http://198.18.0.1/", "http://224.0.0.1/", "http://240.0.0.1/", "http://255.255.255.255/",
    "http://[::1]/", "http://[::]/", "http://[fc00::1]/", "http://[fd12:3456::1]/", "http://[fe80::1]/",
    "http://[fe80::1%25eth0]/", "http://[::ffff:127.0.0.1]/", "http://[::127.0.0.1]/", "http://[::ffff:7f00:1]/",
    "http://[64:ff9b::7f00:1]/", "http://[2002:7f00:1::]/", "http://[2001:0:7f00:1::]/", "http://[ff02::1]/",
    "http://１２７.０.０.１/", "http://①②⑦.⓪.⓪.①/", "http://127。0。0。1/", "http://8.8.8.8/",
    "http://localhost/", "http://LOCALHOST/", "http://localhost./", "http://a.localhost/", "http://routeur.local/",
    "http://base.internal/", "http://nas.lan/", "http://poste.home.arpa/", "http://boutique/", "http://metadata/",
    "http://user:secret@boutique.example/", "http://boutique.example@10.0.0.1/", "http://boutique.example\\@10.0.0.1/",
    "http://boutique.example:8080/", "https://boutique.example:80/", "http://boutique.example:0/",
    "http://boutique.example:99999/", "http://%31%32%37.0.0.1/", "http://exam ple.com/", "http://a\tb.example/",
    "http://a.example/\r\nX: y", "http:///etc/passwd", "http://", "http:boutique.example", "//boutique.example/",
    "file:///etc/passwd", "ftp://boutique.example/", "gopher://boutique.example/", "javascript:alert(1)",
    "data:text/html,x", "http://-a.example/", "http://a..example/", f"http://{'a' * 64}.example/",
    f"http://boutique.example/{'a' * 3000}", "http://boutique.123/", "http://boutique.0x7f/", "http://[::1", "",
]  # fmt: skip


@pytest.mark.usefixtures("in_production")
@pytest.mark.parametrize("url", REFUSED)
def test_address_of_nobodys_site_is_refused_without_a_connection(url: str, connections: list[Any]) -> None:
    with pytest.raises((BadAddress, PrivateAddress)):
        fetching.fetch(url, kinds=fetching.PAGES, resolve=numbers())
    assert connections == []


PRIVATE_NUMBERS = [
    "127.0.0.1", "127.255.255.254", "0.0.0.0", "0.1.2.3", "10.1.2.3", "172.31.255.1", "192.168.0.1", "169.254.169.254",
    "100.127.0.1", "192.0.0.8", "192.0.2.1", "192.88.99.1", "198.19.0.1", "198.51.100.7", "203.0.113.9", "224.0.0.251",
    "239.1.1.1", "240.0.0.1", "255.255.255.255", "::1", "::", "::ffff:8.8.8.8", "::8.8.8.8", "fc00::1", "fdff::1",
    "fe80::1", "fe80::1%eth0", "2606:4700::1%eth0", "fec0::1", "ff02::1", "2001::1", "2001:db8::1", "2002:808:808::1",
    "3fff::1", "64:ff9b::808:808", "64:ff9b:1::1", "100::1", "5f00::1", "not a number", "",
]  # fmt: skip


@pytest.mark.usefixtures("in_production")
@pytest.mark.parametrize("number", PRIVATE_NUMBERS)
def test_name_that_leads_inside_is_refused_without_a_connection(number: str, connections: list[Any]) -> None:
    with pytest.raises(PrivateAddress):
        fetching.fetch("https://boutique.example/", kinds=fetching.PAGES, resolve=numbers([number]))
    assert connections == []


@pytest.mark.usefixtures("in_production")
def test_one_number_inside_spoils_the_name(connections: list[Any]) -> None:
    with pytest.raises(PrivateAddress):
        fetching.fetch(
            "http://boutique.example/", kinds=fetching.PAGES, resolve=numbers(["93.184.216.34", "10.0.0.1"])
        )
    assert connections == []


@pytest.mark.usefixtures("in_production")
@pytest.mark.parametrize("number", ["93.184.216.34", "8.8.8.8", "2606:4700::6810:1"])
def test_public_numbers_may_be_asked(number: str) -> None:
    assert addresses.is_public(number)


@pytest.mark.parametrize("number", ["10.0.0.1", "169.254.169.254", "fe80::1", "::ffff:127.0.0.1"])
def test_tests_allowance_is_for_this_machine_alone(number: str) -> None:
    assert addresses.may_read_loopback()
    assert not addresses.is_public(number)
    assert addresses.is_public("127.0.0.1")


@pytest.mark.usefixtures("in_production")
@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("http://Boutique.Example", "http://boutique.example/"),
        ("https://boutique.example:443/a b".replace(" ", "%20"), "https://boutique.example/a%20b"),
        (
            "https://café-du-quai.example/menu?q=thé#haut",
            "https://xn--caf-du-quai-dbb.example/menu?q=th%C3%A9",
        ),
        ("https://boutique.example./", "https://boutique.example/"),
        ("https://ma_boutique.example/", "https://ma_boutique.example/"),
    ],
)
def test_public_site_is_read_as_it_is_meant(typed: str, read: str) -> None:
    assert addresses.read(typed).url == read


def test_every_refusal_says_what_to_do() -> None:
    from directory.own_site.refusals import REASONS

    found = {refusal.code for refusal in _all(CannotRead)}
    assert found == set(REASONS)
    assert all(len(str(words)) > 20 for words in REASONS.values())
    assert all(len(code) <= 20 for code in found)


def _all(refusal: type[CannotRead]) -> list[type[CannotRead]]:
    return [refusal, *(one for kind in refusal.__subclasses__() for one in _all(kind))]
