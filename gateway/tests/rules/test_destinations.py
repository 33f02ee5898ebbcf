"""Every spelling by which a webhook might be led somewhere else than where it seems to go."""

from ipaddress import ip_network

import pytest

from chassis.refusals import Fault
from gateway.rules.destinations import Destination, host_faults, may_be_called, number_faults, read

pytestmark = pytest.mark.rules

SPELLINGS = [
    "http://127.1/", "http://0177.0.0.1/", "http://2130706433/", "http://0x7f.1/",
    "http://0x7f000001/", "http://017700000001/", "http://127.0.1/", "http://0/", "http://00.0.0.0/",
    "http://127.0.0.1./", "http://example.com./", "http://example..com/", "http://localhost/",
    "http://localhost./", "http://a.localhost/", "http://LOCALHOST/", "http://Example.com/",
    "http://metadata/", "http://example.com@127.0.0.1/", "http://127.0.0.1@example.com/",
    "http://user:pass@example.com/", "http://@example.com/", "http://user@example.com/", "http://example.com\\@127.0.0.1/",
    "http://127.0.0.1:80\\@example.com/", "http://example.com#@127.0.0.1/", "http://example.com/#x",
    "http://①②⑦.⓪.⓪.①/", "http://127。0。0。1/", "http://１２７.0.0.1/", "http://ｅxample.com/",
    "http://exam\u00adple.com/", "http://例子.中国/", "http://%31%32%37.0.0.1/",
    "http://example%2ecom/", "http://127.0.0.1%00.example.com/", "http://127.0.0.1%2f@example.com/",
    "http://[::1%25lo]/", "http://[fe80::1%eth0]/", "http://[0:0:0:0:0:0:0:1]/",
    "http://[::FFFF:127.0.0.1]/", "http://[127.0.0.1]/", "http://[v1.x]/", "http://[]/",
    "http://[::1/", "http://::1/", "http://1.2.3.4.5/", "http://1.2.3.256/", "http://1.2.3.04/",
    "http://a.1/", "http://a.0x7f/", "http://-a.example.com/", "http://a_b.example.com/",
    "http://example.com:0/", "http://example.com:080/", "http://example.com:65536/",
    "http://example.com:٨٠/", "http://example.com:/", "http://example.com:+80/",
    "http://example.com/ x", "http://example.com/\r\nhost:x", "http://example.com/\tx",
    " http://example.com/", "http://example.com/\n", "http:/example.com/", "http:example.com",
    "http:///example.com/", "//example.com/", "example.com", "", "http://", "http://example.com/%0d%0a",
    "http://example.com/%zz", "http://example.com/<x>", 'http://example.com/"', "http://example.com/中",
    "ftp://example.com/", "file:///etc/passwd", "gopher://127.0.0.1:5432/_x", "HTTP://example.com/",
    "javascript://example.com/", "http+unix://example.com/", "http://" + "a." * 130 + "com/",
    "http://example.com/" + "x" * 2000,
]  # fmt: skip


@pytest.mark.parametrize("url", SPELLINGS)
def test_what_has_several_spellings_is_refused(url, figure):
    """Planted bugs: the last label may begin with a digit; userinfo, percent signs or letters
    beyond ASCII in a host; `match` in the place of `fullmatch`."""
    assert isinstance(read(url, "/url", plain=True), Fault), url
    figure("spellings", 1)


def test_what_is_spelled_as_usual_is_read_as_it_is_sent():
    told = {
        "http://push.example.gov.cn": ("http", "push.example.gov.cn", 80, "/"),
        "https://push.example.gov.cn/": ("https", "push.example.gov.cn", 443, "/"),
        "https://xn--fiqs8s.cn:8443/a/%E4%B8%AD?b=c&d=%20/?": (
            "https", "xn--fiqs8s.cn", 8443, "/a/%E4%B8%AD?b=c&d=%20/?",
        ),
        "https://8.8.8.8?x": ("https", "8.8.8.8", 443, "/?x"),
        "https://[2606:4700::1111]:1/x": ("https", "2606:4700::1111", 1, "/x"),
    }  # fmt: skip
    for url, parts in told.items():
        assert read(url, "/url", plain=True) == Destination(*parts)
    assert Destination("https", "2606:4700::1111", 443, "/").named == "[2606:4700::1111]"
    assert Destination("http", "a.cn", 443, "/").named == "a.cn:443"


def test_unencrypted_addresses_need_the_setting():
    fault = read("http://push.example.gov.cn/", "/url", plain=False)
    assert isinstance(fault, Fault)
    assert fault.code == "not-encrypted"


PRIVATE = """
    0.0.0.0 0.1.2.3 10.0.0.1 100.64.0.1 100.100.100.200 127.0.0.1 127.255.255.254 169.254.169.254
    172.16.0.1 172.31.255.255 192.0.0.1 192.0.0.192 192.0.0.9 192.0.2.1 192.88.99.1 192.168.1.1
    198.18.0.1 198.19.255.255 198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.255 240.0.0.1
    255.255.255.255 168.63.129.16
    :: ::1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:8.8.8.8 ::ffff:0:127.0.0.1 64:ff9b::7f00:1
    64:ff9b::8.8.8.8 64:ff9b:1::1 100::1 2001::1 2001:0:7f00:1::1 2001:20::1 2001:db8::1
    2002:7f00:1:: 2002:808:808::1 3fff::1 5f00::1 fc00::1 fd00:ec2::254 fe80::1 fe80::1%eth0 fec0::1
    ff02::1 ff0e::1 nonsense 127.1 1.2.3
    """


@pytest.mark.parametrize("address", PRIVATE.split())
def test_no_number_that_is_not_public_may_be_called(address, figure):
    """Planted bug: only `is_private` is asked, which lets multicast, 192.0.0.9 and 64:ff9b:: by."""
    assert not may_be_called(address, ())
    figure("spellings", 1)


def test_public_numbers_may_be_called_and_others_where_the_installation_names_them():
    """Planted bug: a number inside another is unwrapped, and found in a network that is named."""
    for address in ("8.8.8.8", "1.1.1.1", "192.0.1.1", "100.63.0.1", "2606:4700::1111"):
        assert may_be_called(address, ())
    named = (ip_network("10.20.0.0/16"), ip_network("127.0.0.0/8"), ip_network("fd00:1::/32"))
    for address in ("10.20.3.4", "127.0.0.1", "fd00:1::5"):
        assert may_be_called(address, named)
    for address in ("10.21.0.1", "::ffff:10.20.3.4", "64:ff9b::a14:304", "::1", "fd00:2::1"):
        assert not may_be_called(address, named)


def test_a_host_that_is_a_number_is_judged_when_it_is_named():
    assert [*host_faults("10.0.0.1", "/host")] == []
    assert [each.code for each in number_faults("10.0.0.1", "/host", ())] == ["address-not-allowed"]
    assert [*number_faults("10.0.0.1", "/host", (ip_network("10.0.0.0/8"),))] == []
    assert [*number_faults("push.example.gov.cn", "/host", ())] == []
    for host in ("127.1", "2130706433", "metadata", "a.1", "a.localhost", "Example.com", "a b.cn"):
        assert [*host_faults(host, "/host")], host
