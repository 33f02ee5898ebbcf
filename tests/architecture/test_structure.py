"""The shape of the system, as far as no single part can test it."""

import ast
import subprocess
from pathlib import Path

import pytest
from tests.contracts.publish import PARTS, ROOT, SERVICES

from chassis.refusals import Refusal

DOMAIN = {
    "scheme", "indicator", "survey", "score", "scoring", "ranking", "cycle", "veto",
    "ledger", "satisfaction", "wave",
}  # fmt: skip


def domain_words(source: str) -> set[str]:
    tree = ast.parse(source)
    names = {str(n.name).lower() for n in ast.walk(tree) if getattr(n, "name", None)}
    names |= {n.id.lower() for n in ast.walk(tree) if isinstance(n, ast.Name)}
    names |= {n.arg.lower() for n in ast.walk(tree) if isinstance(n, ast.arg)}
    return {word for name in names for word in name.split("_") if word in DOMAIN}


@pytest.mark.parametrize(
    "path",
    sorted((ROOT / "libs/chassis/src").rglob("*.py")),
    ids=lambda p: str(p.relative_to(ROOT)),
)
def test_the_chassis_carries_no_cargo(path):
    assert domain_words(path.read_text("utf-8")) == set()


def test_cargo_in_the_chassis_would_be_found():
    """A test of the test."""
    assert domain_words("def read_scheme(cycle_id): ...") == {"scheme", "cycle"}


def every_refusal(kind: type[Refusal] = Refusal) -> set[type[Refusal]]:
    return {kind}.union(*(every_refusal(sub) for sub in kind.__subclasses__()))


def test_every_refusal_has_a_title_in_two_languages():
    from importlib import import_module

    for part in PARTS:
        import_module(f"{part}.app")
    own = [r for r in every_refusal() if r.__module__.partition(".")[0] in {*PARTS, "chassis"}]
    assert len(own) > 30
    lacking = [
        r.__name__
        for r in own
        if not r.__doc__ or "zh" not in vars(r) or not any("\u4e00" <= c <= "\u9fff" for c in r.zh)
    ]
    assert lacking == []


@pytest.mark.parametrize("service", SERVICES)
def test_the_environment_of_a_service_holds_no_other_service(service):
    """Planted bug: name `scoring` among the dependencies of survey."""
    done = subprocess.run(
        ["uv", "export", "--locked", "--quiet", "--no-dev", "--no-hashes", "--package", service],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        env={"PATH": f"{ROOT / '.venv/bin'}:/usr/bin:/bin", "HOME": str(Path.home())},
    )
    local = {line.split("/")[-1].strip() for line in done.stdout.splitlines() if "./" in line}
    assert local == {service, "chassis"}


def test_no_route_is_declared_without_the_chassis_router():
    """A plain APIRouter would take NaN, and would repeat a repeated command."""
    for service in SERVICES:
        for path in (ROOT / "services" / service / "src").rglob("*.py"):
            assert "APIRouter" not in path.read_text("utf-8"), path
