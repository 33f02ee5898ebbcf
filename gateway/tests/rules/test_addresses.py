"""From where a request comes."""

from ipaddress import ip_network

import pytest

from gateway.rules.addresses import origin

PROXIES = [ip_network("10.0.0.0/8"), ip_network("fd00::/8")]
LONG = ", ".join(["203.0.113.9"] + ["10.0.0.1"] * 5000)


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        pytest.param("198.51.100.7", [], "198.51.100.7", id="no proxy"),
        pytest.param("198.51.100.7", ["203.0.113.9"], "198.51.100.7", id="not a trusted proxy"),
        pytest.param("10.0.0.1", ["203.0.113.9"], "203.0.113.9", id="a trusted proxy"),
        pytest.param("10.0.0.1", [], "10.0.0.1", id="a trusted proxy that says nothing"),
        pytest.param("10.0.0.1", ["8.8.8.8, 203.0.113.9"], "203.0.113.9", id="from the right"),
        pytest.param("10.0.0.1", ["203.0.113.9, 10.0.0.2"], "203.0.113.9", id="two proxies"),
        pytest.param("10.0.0.1", ["203.0.113.9", "10.0.0.2"], "203.0.113.9", id="two headers"),
        pytest.param("10.0.0.1", ["1.1.1.1, unknown"], "10.0.0.1", id="an entry of rubbish"),
        pytest.param("10.0.0.1", ["10.0.0.3, 10.0.0.2"], "10.0.0.3", id="proxies all the way"),
        pytest.param("10.0.0.1", ["203.0.113.9:5001"], "203.0.113.9", id="with a port"),
        pytest.param("10.0.0.1", ["[2001:db8::7]:5001"], "2001:db8::/64", id="IPv6 with a port"),
        pytest.param("2001:db8::1:2:3:4", [], "2001:db8::/64", id="IPv6 counts by subscriber"),
        pytest.param("fd00::1", ["2001:db8:1::9"], "2001:db8:1::/64", id="an IPv6 proxy"),
        pytest.param("fe80::1%x" + "y" * 99, [], "fe80::/64", id="a zone is no address"),
        pytest.param("::ffff:10.0.0.1", ["203.0.113.9"], "203.0.113.9", id="IPv4 within IPv6"),
        pytest.param("10.0.0.1", [LONG], "10.0.0.1", id="no more than twenty hops"),
        pytest.param("itself", ["1.1.1.1"], "itself", id="no address at all"),
        pytest.param("", [], "-", id="nobody"),
    ],
)
def test_only_what_a_trusted_proxy_says_is_believed(peer, forwarded, expected):
    """Planted bug: take the left-most entry, or believe a peer that is no proxy."""
    assert origin(peer, forwarded, PROXIES) == expected


def test_without_trusted_proxies_no_header_counts():
    assert origin("10.0.0.1", ["203.0.113.9"], []) == "10.0.0.1"
