"""deploy/: what watches the containers stands on their network, and is published on loopback."""

import runpy

import yaml
from tests.contracts.publish import PARTS, ROOT

START = runpy.run_path(str(ROOT / "deploy/start.py"))
OVERLAY = yaml.safe_load((ROOT / "deploy/watching.compose.yaml").read_text("utf-8"))
SCRAPED = yaml.safe_load((ROOT / "deploy/prometheus.compose.yaml").read_text("utf-8"))


def test_every_part_is_asked_where_it_tells_its_metrics():
    """Planted bugs: a part is left out; another port than the one that is opened."""
    found = {each["job_name"]: each["dns_sd_configs"] for each in SCRAPED["scrape_configs"]}
    assert set(found) == set(PARTS)
    for part, [lookup] in found.items():
        assert (lookup["names"], lookup["port"]) == ([part], START["METRICS_PORT"])
    assert SCRAPED["rule_files"] == ["alerts.yaml"]


def test_what_watches_can_do_little_and_is_seen_on_this_machine_alone():
    """Planted bugs: it is published everywhere; it may write to its own system."""
    assert set(OVERLAY["services"]) == {"prometheus"}
    given = OVERLAY["services"]["prometheus"]
    assert given["ports"] == ["127.0.0.1:9090:9090"]
    assert given["read_only"] is True
    assert given["cap_drop"] == ["ALL"]
    assert given["user"] == "nobody"
    for each in OVERLAY["configs"].values():
        assert (ROOT / each["file"]).is_file()
