"""A survey centre's export of two waves goes in by one command, and what is counted is what anybody
counts who reads the file."""

import csv
import json
import random
import subprocess
import sys
import uuid
from collections import Counter, defaultdict
from contextlib import ExitStack
from copy import deepcopy
from decimal import ROUND_HALF_UP, Decimal

import pytest
from tests.system.harness import in_one_process, over_tcp
from tests.system.two_worlds import SCHEME, indicator

from service_testing import trials

SECRET = "a-secret-that-is-long-enough"
UNITS = {f"U{n:02}": f"第{n}区" for n in range(1, 12)}
STEPS = {"非常满意": 100, "满意": 80, "一般": 60, "不满意": 30, "非常不满意": 0}
CODES = dict(zip(STEPS, ("very_good", "good", "fair", "bad", "very_bad"), strict=True))
DISPOSITIONS = ["1.1"] * 6 + ["1.2", "2.11", "2.2", "2.2", "3.1", "3.2", "4.7"]
HEADER = ["样本编号", "县区", "处置码", "访员", "拨打次数", "开始", "结束"]
HEADER += [*(f"Q{n}" for n in range(1, 6)), "录音文件"]
ROWS = trials(usual=2_600, thorough=17_000)
MAPPING = {
    "respondent_token": {"column": "样本编号"},
    "unit": {"column": "县区", "words": {name: code for code, name in UNITS.items()}},
    "outcome": {"column": "处置码"},
    "aapor": True,
    "interviewer": {"column": "访员"},
    "attempt": {"column": "拨打次数"},
    "started_at": {"column": "开始"},
    "ended_at": {"column": "结束"},
    "questions": {
        f"q{n}": {"column": f"Q{n}", "words": CODES | {"不清楚": "unknown"}} for n in range(1, 6)
    },
    "ignored": ["录音文件"],
    "time_format": "slashes",
    "time_zone": "Asia/Shanghai",
}


def exported(wave, drawn):
    """Yield the rows of a wave as the software of a centre writes them, call-backs too."""
    respondent, made = 0, 0
    while made < ROWS // 2:
        respondent += 1
        token, unit = (
            f"W{wave}-{respondent:06}-{drawn.getrandbits(40):010x}",
            drawn.choice([*UNITS]),
        )
        for attempt in range(1, 4):
            code = drawn.choice(DISPOSITIONS)
            start = drawn.randrange(9 * 60, 20 * 60)
            at = f"2025/{6 * wave - 3}/{attempt + 3} "
            told = [token, UNITS[unit], code, f"F{drawn.randrange(20):02}", attempt]
            told += [
                f"{at}{start // 60}:{start % 60:02}",
                f"{at}{(start + 4) // 60}:{(start + 4) % 60:02}",
            ]
            done = code == "1.1"
            answers = drawn.choices([*STEPS, "不清楚"], [40, 30, 15, 8, 3, 4], k=5)
            yield [*told, *(answers if done else [""] * 5), f"{token}-{attempt}.wav"]
            made += 1
            if code != "2.2" or made >= ROWS // 2:
                break


def post(client, path, body=None):
    answer = client.post(f"/api/v1{path}", json=body, headers={"Idempotency-Key": uuid.uuid4().hex})
    assert answer.is_success, (path, answer.text)
    return answer.json()


def scheme():
    told = deepcopy(SCHEME)
    asked = indicator("SAID", 100, "survey_score", {"survey": "cati", "scale": 100})
    [category] = told["categories"]
    category.pop("subcategories")
    category["units"] = [*UNITS]
    category["blocks"] = [{"code": "b", "name": "b", "points": 100, "indicators": [asked]}]
    questions = [
        {
            "code": f"q{n}", "name": f"问题{n}", "weight": "1" if n == 1 else "0",
            "options": {CODES[word]: score for word, score in STEPS.items()},
            "unscored": ["unknown"],
        }
        for n in range(1, 6)
    ]  # fmt: skip
    told["surveys"] = [
        {"code": "cati", "name": "电话调查", "mode": "phone_survey", "collector": "S1", "waves": 2,
         "min_valid": 1, "questions": questions}
    ]  # fmt: skip
    return told


@pytest.fixture(scope="module")
def centre(postgres, databases, tmp_path_factory):
    """Give what is known of a system over TCP: the office, its address, the cycle, the survey."""
    keys = tmp_path_factory.mktemp("keys")
    with (
        in_one_process(postgres, databases, keys) as running,
        over_tcp(running) as reached,
        ExitStack() as stack,
    ):
        administrator = stack.enter_context(running.client(running.administrator))

        def door(*roles, unit=None, subject):
            made = {"subject": subject, "kind": "client", "name": "某", "secret": SECRET}
            made |= {"unit": unit, "roles": [*roles]}
            administrator.post("/accounts", {"accounts": [made]})
            form = {"grant_type": "client_credentials", "client_id": subject}
            told = running.raw().post("/oauth/token", data=form | {"client_secret": SECRET})
            bearer = f"Bearer {told.json()['access_token']}"
            return stack.enter_context(running.raw(Authorization=bearer))

        office = door("performance_office", subject="office")
        door("survey_centre", unit="S1", subject="centre")
        bodies = {"S1": "民调中心", "A1": "某单位"}
        told = [
            {"code": code, "name": name, "kind": kind, "uscc": None, "valid_from": "2000-01-01"}
            for kind, units in (("assessed", UNITS), ("body", bodies))
            for code, name in units.items()
        ]
        post(office, "/units", {"units": told})
        about = {"name": "2025", "jurisdiction": "439900", "assessment_year": 2025}
        cycle = post(office, "/cycles", about)["cycle_id"]
        version = post(office, f"/cycles/{cycle}/scheme-versions", {"scheme": scheme()})["version"]
        post(office, f"/cycles/{cycle}/scheme-versions/{version}/publication")
        survey = post(office, f"/cycles/{cycle}/surveys", {"code": "cati"})["survey_id"]
        yield reached.url, office, cycle, survey


def kaoping(url, *arguments):
    command = [sys.executable, "-c", "from kaoping.app import main; main()", *arguments]
    told = ["--survey", "cati", "--gateway", url, "--account", "centre", "--client"]
    return subprocess.run(
        [*command, *told], capture_output=True, text=True, check=False,
        env={"PATH": "/usr/bin:/bin", "KAOPING_SECRET": SECRET},
    )  # fmt: skip


def says_what_is_wrong(url, directory, wave):
    file = directory / "wrong.csv"
    file.write_text("样本编号,备注\n1,2\n", "utf-8")
    told = kaoping(url, "survey", "load", str(file), "--mapping", "cati", "--wave", str(wave))
    assert told.returncode == 1
    assert "/header/1: Nobody said what '备注' is." in told.stderr
    assert "Traceback" not in told.stderr


def takes_back_what_was_wrong(url, directory, wave, row):
    """A batch of another year, say, goes in and is withdrawn: it counts nowhere."""
    file = directory / "wrong-batch.csv"
    with file.open("w", encoding="utf-8", newline="") as written:
        csv.writer(written).writerows([HEADER, [f"wrong-{wave}-{row[0]}", *row[1:]]])
    to = ("--wave", str(wave), "--batch", "WRONG")
    told = kaoping(url, "survey", "load", str(file), "--mapping", "cati", *to)
    assert "stored 1," in told.stdout, told.stderr
    gone = kaoping(url, "survey", "withdraw", *to, "--reason", "误报上年数据")
    assert gone.returncode == 0, gone.stderr
    [line] = [each for each in gone.stdout.splitlines() if each.startswith("batch WRONG")]
    assert line.split()[2:] == ["1", "1", "0", "0", "1"]


@pytest.mark.prove
def test_an_export_goes_in_by_one_command_and_counts_as_anybody_counts_it(centre, tmp_path):
    """Planted bugs: a call-back taken for a second respondent; the weight of a question that is
    only reported; a resent file stored once more."""
    url, office, cycle, survey = centre
    (tmp_path / "cati.json").write_text(json.dumps(MAPPING), "utf-8")
    saved = kaoping(url, "survey", "map", "cati", str(tmp_path / "cati.json"))
    assert saved.returncode == 0, saved.stderr
    drawn, means = random.Random(2025), defaultdict(list)  # noqa: S311 - a sample
    for wave in (1, 2):
        post(office, f"/surveys/{survey}/waves/{wave}/opening")
        says_what_is_wrong(url, tmp_path, wave)
        file, rows = tmp_path / f"wave-{wave}.csv", [*exported(wave, drawn)]
        with file.open("w", encoding="utf-8-sig", newline="") as written:
            csv.writer(written).writerows([HEADER, *rows])
        arguments = ("survey", "load", str(file), "--mapping", "cati", "--wave", str(wave))
        first, again = kaoping(url, *arguments), kaoping(url, *arguments)
        assert first.returncode == 0, first.stderr
        assert (again.returncode, again.stdout) == (0, first.stdout)
        assert f"sent {len(rows)}, stored {len(rows)}, unchanged 0, refused 0" in first.stdout
        takes_back_what_was_wrong(url, tmp_path, wave, rows[0])
        completed = Counter(row[1] for row in rows if row[2] == "1.1")
        for code, name in UNITS.items():
            [line] = [each for each in first.stdout.splitlines() if f"{code} completed" in each]
            assert line.split()[2:4] == [str(completed[name])] * 2
            scored = [STEPS[row[7]] for row in rows if row[1] == name and row[7] in STEPS]
            mean = Decimal(sum(scored)) / len(scored)
            means[code].append(mean.quantize(Decimal("0.0001"), ROUND_HALF_UP))
        for step in ("stopping", "closing"):
            answer = office.post(f"/api/v1/surveys/{survey}/waves/{wave}/{step}",
                                 headers={"Idempotency-Key": uuid.uuid4().hex})  # fmt: skip
            assert answer.is_success or step == "stopping", answer.text
    [told] = office.get(f"/api/v1/cycles/{cycle}/satisfaction").json()["surveys"]
    found = {each["unit"]: Decimal(each["satisfaction"]) for each in told["units"]}
    rounding = Decimal("0.0001"), ROUND_HALF_UP
    assert found == {unit: (sum(each) / 2).quantize(*rounding) for unit, each in means.items()}
