"""A survey centre's export of two waves goes in by one command, a wrong batch is corrected, a wave
is voided and repeated, and what is counted is what anybody counts who reads the files."""

import csv
import json
import random
import subprocess
import sys
from collections import Counter, defaultdict
from decimal import ROUND_HALF_UP, Decimal

import pytest
from tests.system.harness import in_one_process, over_tcp
from tests.system.phone_survey import CODES, SECRET, STEPS, UNITS, city

from service_testing import trials

DISPOSITIONS = ["1.1"] * 6 + ["1.2", "2.11", "2.2", "2.2", "3.1", "3.2", "4.7"]
MEANS = {"1.1": "completed", "1.2": "partial", "2.11": "refused", "2.2": "no_contact"}
MEANS |= {"3.1": "unknown_household", "3.2": "unknown_eligibility", "4.7": "ineligible"}
STRATA = ["城区", "乡镇", "村"]
LETTERS = "bcdfghjkmnpqrstvwxz"  # ten digits in a row may be a telephone, and are refused
HEADER = ["样本编号", "县区", "层", "处置码", "访员", "拨打次数", "开始", "结束"]
HEADER += [*(f"Q{n}" for n in range(1, 6)), "录音文件"]
TOKEN, UNIT, CODE, Q1 = (HEADER.index(each) for each in ("样本编号", "县区", "处置码", "Q1"))
ROWS = trials(usual=2_600, thorough=17_000)
MAPPING = {
    "respondent_token": {"column": "样本编号"},
    "unit": {"column": "县区", "words": {name: code for code, name in UNITS.items()}},
    "stratum": {
        "column": "层",
        "words": dict(zip(STRATA, ("city", "town", "village"), strict=True)),
    },
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
    "charset": "gb18030",
    "time_format": "slashes",
    "time_zone": "Asia/Shanghai",
}


def exported(wave, drawn):
    """Yield the rows of a wave as the software of a centre writes them, call-backs too."""
    respondent, made = 0, 0
    while made < ROWS // 2:
        respondent += 1
        token, unit = (
            f"W{wave}-{respondent:06}-{''.join(drawn.choices(LETTERS, k=8))}",
            drawn.choice([*UNITS]),
        )
        stratum = drawn.choice(STRATA)
        for attempt in range(1, 4):
            code = drawn.choice(DISPOSITIONS)
            start = drawn.randrange(9 * 60, 20 * 60)
            at = f"2025/{3 * wave}/{attempt + 3} "
            told = [token, UNITS[unit], stratum, code, f"F{drawn.randrange(20):02}", attempt]
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


@pytest.fixture(scope="module")
def phone(postgres, databases, tmp_path_factory):
    """Give a city in a system over TCP."""
    keys = tmp_path_factory.mktemp("keys")
    with (
        in_one_process(postgres, databases, keys) as running,
        over_tcp(running) as reached,
        city(reached) as found,
    ):
        yield found


def kaoping(city, *arguments):
    command = [sys.executable, "-c", "from kaoping.app import main; main()", "survey", *arguments]
    told = ["--survey", "cati", "--gateway", city.running.url, "--account", "centre", "--client"]
    return subprocess.run(
        [*command, *told], capture_output=True, text=True, check=False,
        env={"PATH": "/usr/bin:/bin", "KAOPING_SECRET": SECRET},
    )  # fmt: skip


def written(file, rows, header=HEADER):
    with file.open("w", encoding="gb18030", newline="") as to:
        csv.writer(to).writerows([header, *rows])
    return file


def load(city, file, wave, *more):
    return kaoping(city, "load", str(file), "--mapping", "cati", "--wave", str(wave), *more)


def loads(city, file, wave, rows, *more):
    """Load a file twice: the second time has no effect and is answered as the first."""
    first, again = load(city, file, wave, *more), load(city, file, wave, *more)
    assert first.returncode == 0, first.stderr
    assert (again.returncode, again.stdout) == (0, first.stdout)
    assert f"sent {len(rows)}, stored {len(rows)}, unchanged 0, refused 0" in first.stdout
    assert "send" in first.stderr  # how far it is


def says_what_is_wrong(city, directory, wave):
    told = load(city, written(directory / "wrong.csv", [[1, 2]], ["样本编号", "备注"]), wave)
    assert told.returncode == 1
    assert "/header/1: Nobody said what '备注' is." in told.stderr
    assert "Traceback" not in told.stderr


def corrects_a_batch(city, directory, wave, rows):
    """A batch whose units stand one line too low is withdrawn, and its tokens come again."""
    units = [rows[-1][UNIT], *(row[UNIT] for row in rows[:-1])]
    shifted = [[*r[:UNIT], unit, *r[UNIT + 1 :]] for r, unit in zip(rows, units, strict=True)]
    loads(city, written(directory / "shifted.csv", shifted), wave, rows, "--batch", "WRONG")
    to = ("--batch", "WRONG", "--wave", str(wave), "--reason", "单位列错位一行")
    gone = kaoping(city, "withdraw", *to)
    assert gone.returncode == 0, gone.stderr
    [line] = [each for each in gone.stdout.splitlines() if each.startswith("batch WRONG")]
    n = str(len(rows))
    assert line.split()[2:] == [n, n, "0", "0", n]
    loads(city, written(directory / "right.csv", rows), wave, rows, "--batch", "RIGHT")


def voided_and_repeated(city, wave):
    """The office proposes, the committee confirms; return the number of the new wave."""
    grounds = {"reason": "访员冒名代答，经查属实。", "document_no": "云调〔2025〕6号"}
    city.post(city.at(wave, "voidings"), grounds)
    city.post(city.at(wave, "voidings/1/confirmation"), {"decision": "confirm"}, "member")
    told = city.post(city.at(wave, "repetition"))
    assert told["stands_for"] == wave
    return told["wave"]


def reconciled(city, wave):
    """Return how many rows count, by unit and outcome, as the system says."""
    told = city.get(city.at(wave, "reconciliation"), "centre")["counts"]
    counts = {(each["unit"], each["outcome"]): each["stored"] - each["withdrawn"] for each in told}
    return {key: number for key, number in counts.items() if number}


def score(rows):
    """Return the mean of the first question, rounded; the others weigh nothing."""
    scored = [STEPS[row[Q1]] for row in rows if row[CODE] == "1.1" and row[Q1] in STEPS]
    return rounded(Decimal(sum(scored)) / len(scored))


def rounded(number):
    return number.quantize(Decimal("0.0001"), ROUND_HALF_UP)


def rates(rows):
    """Return how many were interviewed of all respondents that may be eligible, and of those that
    were spoken to, each by the best known of the contacts with one respondent."""
    last = {"4.7": 2, "2.11": 3, "2.2": 5, "3.2": 6, "3.1": 7, "1.1": 0, "1.2": 1}
    best = defaultdict(lambda: "3.1")
    for row in rows:
        best[row[TOKEN]] = min(best[row[TOKEN]], row[CODE], key=last.__getitem__)
    ended = Counter(best.values())
    spoken = ended["1.1"] + ended["1.2"] + ended["2.11"]
    return {
        "RR1": Decimal(ended["1.1"]) / (ended.total() - ended["4.7"]),
        "COOP1": Decimal(ended["1.1"]) / spoken,
    }


@pytest.mark.prove
def test_an_export_goes_in_by_one_command_and_counts_as_anybody_counts_it(phone, tmp_path):
    """Planted bugs: a call-back taken for a second respondent; the weight of a question that is
    only reported; a resent file stored once more; a withdrawn batch or a voided wave counted."""
    (tmp_path / "cati.json").write_text(json.dumps(MAPPING), "utf-8")
    saved = kaoping(phone, "map", "cati", str(tmp_path / "cati.json"))
    assert saved.returncode == 0, saved.stderr
    drawn, scores = random.Random(2025), defaultdict(list)  # noqa: S311 - a sample
    for wave in (1, 2):
        phone.post(phone.at(wave, "opening"))
        if wave == 1:
            says_what_is_wrong(phone, tmp_path, wave)
        rows = [*exported(wave, drawn)]
        loads(phone, written(tmp_path / f"wave-{wave}.csv", rows[: len(rows) // 2]), wave,
              rows[: len(rows) // 2])  # fmt: skip
        if wave == 2:
            wave, rows = voided_and_repeated(phone, wave), [*exported(3, drawn)]
            phone.post(phone.at(wave, "opening"))
            loads(phone, written(tmp_path / "again.csv", rows), wave, rows)
        else:
            corrects_a_batch(phone, tmp_path, wave, rows[len(rows) // 2 :])
        expected = Counter((unit, MEANS[r[CODE]]) for r in rows for unit in UNITS
                           if UNITS[unit] == r[UNIT])  # fmt: skip
        assert reconciled(phone, wave) == expected
        for step in ("stopping", "closing"):
            phone.post(phone.at(wave, step))
        estimated = phone.get(phone.at(wave, "estimates"))["units"]
        for unit, name in UNITS.items():
            of_unit = [row for row in rows if row[UNIT] == name]
            scores[unit].append(score(of_unit))
            [told] = [each for each in estimated if each["unit"] == unit]
            for name_of_rate, rate in rates(of_unit).items():
                assert Decimal(told["response"]["rates"][name_of_rate]) == round(rate, 6)
    [told] = phone.get(f"/cycles/{phone.cycle}/satisfaction")["surveys"]
    assert told["voided"] == 1
    found = {each["unit"]: Decimal(each["satisfaction"]) for each in told["units"]}
    assert found == {unit: rounded(sum(each) / 2) for unit, each in scores.items()}
    for each in told["units"]:
        waves = [Decimal(w["score"]) for w in each["waves"] if w["score"] is not None]
        assert waves in ([], scores[each["unit"]])
