"""Which origins can be named, and which pages come from the browser's own machine."""

import pytest

from gateway.rules import origins


@pytest.mark.parametrize(
    "given",
    ["https://a.example.gov.cn", "http://10.1.2.3:8080", "http://localhost:5173", "http://[::1]:1",
     "https://xn--fiq228c.cn", "https://a:65535"],
)  # fmt: skip
def test_an_origin_is_spelled_as_browsers_send_it(given):
    assert origins.exact(given) == given


@pytest.mark.parametrize(
    "given",
    ["*", "null", "", "https://*", "https://*.gov.cn", "https://a.gov.cn/", "https://a.gov.cn/x",
     "https://A.gov.cn", "https://中.cn", "https://a.gov.cn:443", "http://a:80", "https://a:0",
     "https://a:65536", "https://a:", "https://u@a.gov.cn", "ftp://a.gov.cn", "a.gov.cn",
     "https://a.gov.cn https://b", "https://a.gov.cn\n", "https://-a.cn", "https://a.cn?x",
     "https://a.cn.", "HTTPS://a.cn", "https://"],
)  # fmt: skip
def test_what_no_browser_sends_cannot_be_allowed(given):
    """Planted bugs: `match` in place of `fullmatch`; a star among the letters of a host."""
    with pytest.raises(ValueError, match=r"is no origin|has a port"):
        origins.exact(given)


@pytest.mark.parametrize(
    ("origin", "is_so"),
    [("http://localhost:8000", True), ("http://127.0.0.1", True), ("http://[::1]:80", True),
     ("http://kaoping.localhost", True), ("http://localhost.gov.cn", False),
     ("http://127.0.0.1.gov.cn", False), ("http://10.0.0.1", False), ("localhost", False)],
)  # fmt: skip
def test_only_the_machine_itself_is_loopback(origin, is_so):
    """Planted bug: look for a beginning, which anybody can register."""
    assert origins.is_loopback(origin) is is_so
