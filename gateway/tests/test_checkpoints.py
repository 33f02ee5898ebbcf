"""Checkpoints: made of what all parts say, signed, in a row; and the program that verifies by them.

The databases of the program's tests are files of entries, made here by the rule of the journal.
"""

import asyncio
import hashlib
import itertools
import json
import os
import random
import re
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import httpx
import pytest

import kaoping.verify_journals as program
from chassis import checkpoints, journal
from chassis.checkpoints import (
    Checkpoint,
    CheckpointsBroken,
    DatabaseBehind,
    Mark,
    marks_to_reach,
    read_all,
    require_not_behind,
)
from chassis.journal import JournalEntry
from gateway import restoration
from gateway.checkpoints import FAILURES, Checkpoints, JournalsBehind, Notary, now

from .conftest import until

NOON = datetime(2025, 3, 1, 4, tzinfo=UTC)
CHAIN = "cycles/1"


def written(events, chain=CHAIN, altered=None):
    """The entries of a chain of so many events, chained as the journal does; `altered` is the
    number of one that says something else."""
    previous, found = journal.START, []
    for seq in range(1, events + 1):
        said = {
            "seq": seq,
            "recorded_at": NOON + timedelta(minutes=seq),
            "subject": "O1",
            "unit": "ZH01",
            "event": "entry-verified",
            "body": json.dumps({"value": str(seq + (seq == altered))}),
            "rows": None if seq % 5 == 0 else f'{{"entry":["{seq:064x}"]}}',
            "previous": previous.hex(),
            "hash": "",
        }
        entry = JournalEntry.model_validate(said)
        previous = journal.digest(chain, entry, previous)
        found.append(entry.model_copy(update={"hash": previous.hex()}))
    return [json.loads(each.model_dump_json(by_alias=True)) for each in found]


def head(entries, chain=CHAIN):
    return Mark(chain, entries[-1]["seq"], entries[-1]["hash"])


def checkpoints_in(folder):
    found = Checkpoints(folder, folder.with_name(f"{folder.name}-keys"))
    found.ensure()
    return found


@pytest.fixture
def kept(tmp_path):
    return checkpoints_in(tmp_path / "checkpoints")


@pytest.fixture
def folder(kept, tmp_path):
    """What an auditor has: twenty entries, of which checkpoints tell twelve and then twenty, and
    the receipt of the seventh."""
    entries = written(20)
    kept.add({"scoring": [head(entries[:12])]}, [], NOON)
    kept.add({"scoring": [head(entries)]}, ["survey"], NOON + timedelta(days=1))
    (tmp_path / "receipts").mkdir()
    receipt = {"journal": "scoring", "chain": CHAIN, "seq": 7, "hash": entries[6]["hash"]}
    (tmp_path / "receipts" / "mine.json").write_text(json.dumps(receipt))
    put(tmp_path, entries)
    return tmp_path


def put(folder, entries):
    path = folder / "journals" / "scoring" / "cycles%2F1.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(each) + "\n" for each in entries))


def found_in(folder, key=None, noted=()):
    return program.verify(folder, key, dict(noted))


def test_what_nobody_altered_holds_in_a_process_of_its_own(folder, kept):
    """Planted bugs: the verifier takes the key from the text itself; signs with the key of tokens.
    It runs without site packages, in another zone and language."""
    key = kept.published()["keys"][0]["kid"]
    arguments = ["--key", key, "--digest", f"2={kept.all()[1].digest}"]
    command = [sys.executable, "-I", "-S", program.__file__, str(folder), *arguments]
    ran = subprocess.run(
        command, capture_output=True, text=True, env={"TZ": "Pacific/Chatham", "LC_ALL": "tr_TR"}
    )
    assert (ran.stdout, ran.stderr, ran.returncode) == ("OK\n", "", 0)


def test_a_clock_that_was_ahead_is_named_and_no_fault(folder, kept, capsys):
    """Planted bugs: moments are not looked at; who set a clock right has journals that never hold
    again."""
    ahead = datetime.now(UTC) + timedelta(days=400)
    kept.add({}, ["scoring"], ahead)
    kept.add({}, ["scoring"], NOON + timedelta(days=2))
    assert program.main([str(folder)]) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"checkpoint 3: says {ahead.isoformat()}, which is to come: a clock was ahead",
        f"checkpoint 4: says {(NOON + timedelta(days=2)).isoformat()}, before what checkpoint 3 "
        "says: a clock was wrong",
        "OK",
    ]


def test_an_id_of_a_key_that_begins_with_a_hyphen_is_no_option(folder, capsys):
    """Planted bug: leave it to the parser of arguments, which ends there."""
    assert program.main([str(folder), "--key", "-bcdefgh"]) == 1
    assert "is not signed by the key" in capsys.readouterr().out


def test_any_change_of_any_field_of_any_entry_is_named_with_its_number(folder, figure):
    """Planted bugs: a field is left out of the hash; two fields are put together without their
    lengths. A thousand changes, drawn by a seed."""
    drawn = random.Random(7)  # noqa: S311 - it draws what is altered
    entries = written(20)
    for _ in range(1_000):
        changed = [dict(each) for each in entries]
        which = drawn.randrange(20)
        name = drawn.choice([*entries[0]])
        changed[which][name] = other(entries[which][name], drawn)
        put(folder, changed)
        said = "; ".join(found_in(folder))
        # A chain that lies says so at the entry itself, or where its successor stood.
        assert said.startswith(f"scoring/{CHAIN}: entry {which + 1}:"), (name, said)
    figure("single-field edits", 1_000)


def other(value, drawn):
    if isinstance(value, int):
        return value + drawn.choice([-1, 1, 1000])
    if value is None:
        return "{}"
    if value.startswith("2025-"):
        return (datetime.fromisoformat(value) + timedelta(microseconds=1)).isoformat()
    at = drawn.randrange(len(value))
    return value[:at] + ("0" if value[at] != "0" else "1") + value[at + 1 :]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda e: e[:-1], "entry 20: is missing, the chain was cut; checkpoint 2 has 20"),
        (lambda e: e[:5], "entry 6: is missing, the chain was cut; the receipt in mine.json has 7"),
        (lambda e: [], "entry 1: is missing, the chain was cut; the receipt in mine.json has 7"),
        (lambda e: e[:8] + e[9:], "entry 9: is missing; entry 10 stands there"),
        (lambda e: [*e[:3], e[4], e[3], *e[5:]], "entry 4: is missing; entry 5 stands there"),
        (
            lambda e: written(20, altered=3),
            "entry 1 to 7: was written anew; the receipt in mine.json has entry 7 otherwise",
        ),
        (
            lambda e: written(20, altered=9),
            "entry 8 to 12: was written anew; checkpoint 1 has entry 12 otherwise",
        ),
        (
            lambda e: written(25, altered=20),
            "entry 13 to 20: was written anew; checkpoint 2 has entry 20 otherwise",
        ),
    ],
    ids=["tail", "receipt", "all", "one", "swapped", "anew-3", "anew-9", "anew-20"],
)
def test_what_was_cut_or_written_anew_is_found_by_who_was_told_before(folder, change, expected):
    """Planted bugs: receipts are not looked at; a chain that is whole in itself holds."""
    put(folder, change(written(20)))
    assert found_in(folder) == [f"scoring/{CHAIN}: {expected}"]


def test_cuts_and_chains_written_anew_are_caught_a_hundred_times_of_a_hundred(folder):
    """The chain agrees with itself each time. Planted bugs: only the last checkpoint is held
    against it; a cut is sought where the file ends early and not where others were told of more."""
    drawn = random.Random(11)  # noqa: S311 - it draws what is cut and altered
    entries = written(20)
    for _ in range(100):
        left = drawn.randrange(20)
        put(folder, entries[:left])
        [said] = found_in(folder)
        assert said.startswith(f"scoring/{CHAIN}: entry {left + 1}: is missing, the chain was cut;")
    for _ in range(100):
        altered, length = drawn.randint(1, 20), drawn.randint(20, 30)
        put(folder, written(length, altered=altered))
        [said] = found_in(folder)
        first, last = re.search(r"entry (\d+)(?: to (\d+))?: was written anew", said).groups()
        assert int(first) <= altered <= int(last or first), said


def test_what_goes_on_holds(folder):
    put(folder, written(25))
    assert found_in(folder) == []


def test_a_checkpoint_that_is_forged_altered_or_taken_out_is_named(folder, kept, tmp_path):
    """Planted bugs: the signature is not verified; the last one may be left out silently."""
    key, noted = kept.published()["keys"][0]["kid"], {2: kept.all()[1].digest}
    texts = {path: path.read_text() for path in sorted((folder / "checkpoints").glob("*.jws"))}
    first, second = texts
    for at in range(0, len(texts[second]), 7):
        changed = texts[second][:at] + ("A" if texts[second][at] != "A" else "B")
        second.write_text(changed + texts[second][at + 1 :])
        assert found_in(folder, key, noted), at
    second.unlink()
    assert found_in(folder, key, noted) == ["checkpoint 2: is missing"]
    second.write_text(texts[second])
    first.unlink()
    assert found_in(folder, key) == ["checkpoint 1: does not follow from the one before it"]
    forged = checkpoints_in(tmp_path / "forged")
    forged.add({"scoring": [head(written(20, altered=3))]}, [], NOON)
    (tmp_path / "forged").rename(tmp_path / "other")
    (folder / "checkpoints").rename(tmp_path / "kept")
    (tmp_path / "other").rename(folder / "checkpoints")
    assert found_in(folder, key) == ["checkpoint 1: is not signed by the key"]


def test_the_signatures_of_the_rfc_verify_and_no_others():
    """The second and third vector of RFC 8032, 7.1, and what is near them."""
    public = bytes.fromhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
    signature = bytes.fromhex(
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
    )
    assert program.signs(public, b"\x72", signature)
    assert not program.signs(public, b"\x73", signature)
    for at in range(64):
        near = bytearray(signature)
        near[at] ^= 1
        assert not program.signs(public, b"\x72", bytes(near))
    larger = int.from_bytes(signature[32:], "little") + program.ORDER
    assert not program.signs(public, b"\x72", signature[:32] + larger.to_bytes(32, "little"))


def test_a_journal_that_went_back_is_not_signed_for(kept):
    """Planted bug: whatever the parts say is signed, so that a restore hides itself by the next."""
    entries = written(12)
    kept.add({"scoring": [head(entries)]}, [], NOON)
    for marks in ([head(entries[:11])], [], [replace(head(entries), hash="0" * 64)]):
        with pytest.raises(JournalsBehind):
            kept.add({"scoring": marks}, [], NOON)
    kept.add({"survey": []}, ["scoring"], NOON)  # who does not answer has not gone back
    with pytest.raises(JournalsBehind):
        kept.add({"scoring": [head(entries[:11])]}, [], NOON)
    kept.restore(["scoring"], 0, "磁盘损坏", ["甲", "乙"], NOON)
    kept.add({"scoring": [head(entries[:11])]}, [], NOON)
    assert [each.kind for each in kept.all()] == ["checkpoint"] * 2 + ["restoration", "checkpoint"]


def test_a_row_of_checkpoints_that_was_altered_is_used_by_nobody(kept, tmp_path):
    kept.add({"scoring": [head(written(3))]}, [], NOON)
    kept.add({"scoring": [head(written(5))]}, [], NOON)
    [first, second] = sorted((tmp_path / "checkpoints").glob("*.jws"))
    text = second.read_text()
    second.write_text(text[:-6] + ("AAAAAA" if not text.endswith("AAAAAA") else "BBBBBB"))
    with pytest.raises(CheckpointsBroken, match="Checkpoint 2 is not signed"):
        read_all(tmp_path / "checkpoints")
    second.write_text(text)
    first.unlink()
    with pytest.raises(CheckpointsBroken, match="Checkpoint 1 is missing"):
        kept.add({"scoring": []}, [], NOON)


def test_a_checkpoint_over_very_many_chains_is_read_as_it_was_written(folder, kept):
    """The library takes 128,000 bytes by itself. Planted bug: its own limit."""
    marks = [Mark(f"years/{n}", n + 1, f"{n:064x}") for n in range(20_000)]
    made = kept.add({"scoring": [head(written(20)), *marks]}, [], NOON + timedelta(days=2))
    try:
        found = read_all(folder / "checkpoints")
    except CheckpointsBroken as broken:
        pytest.fail(f"{broken}: no part would start any more")
    assert found[-1] == made
    assert len(found[-1].heads["scoring"]) == 20_001
    # The program that stands alone reads it as well, and misses the journals of the others.
    assert found_in(folder)[0].startswith("scoring/years/0: entry 1: is missing")


def test_a_long_row_of_checkpoints_is_not_verified_anew_with_each_look(kept, tmp_path, monkeypatch):
    """Planted bugs: it is; what was altered since is taken for what it was."""
    for n in range(5):
        kept.add({"scoring": [head(written(n + 1))]}, [], NOON)
    paths = sorted((tmp_path / "checkpoints").glob("*.jws"))
    monkeypatch.setattr(checkpoints, "_SETTLED", -1.0)  # as two seconds later
    found, read = read_all(tmp_path / "checkpoints"), []
    require = checkpoints._require_library
    monkeypatch.setattr(checkpoints, "_require_library", lambda *a: (read.append(a), require(*a)))
    assert read_all(tmp_path / "checkpoints") == found
    assert read == []
    kept.add({"scoring": [head(written(6))]}, [], NOON)
    assert len(read_all(tmp_path / "checkpoints")) == 6
    assert [number for number, _ in read] == [6]
    text, told = paths[2].read_text(), paths[2].stat()
    paths[2].write_text(text[:-6] + ("AAAAAA" if not text.endswith("AAAAAA") else "BBBBBB"))
    os.utime(paths[2], ns=(told.st_atime_ns, told.st_mtime_ns))
    with pytest.raises(CheckpointsBroken, match="Checkpoint 3 is not signed"):
        read_all(tmp_path / "checkpoints")


def test_what_was_verified_by_keys_of_before_is_verified_anew(kept, tmp_path, monkeypatch):
    """Planted bug: how the keys lie is looked at after they were read, so that a text is remembered
    as verified by others that came in between."""
    kept.add({"scoring": [head(written(1))]}, [], NOON)
    Checkpoints(tmp_path / "others", tmp_path / "others-keys").ensure()
    folder, read = tmp_path / "checkpoints", checkpoints.sm2.Keys.import_key_set
    monkeypatch.setattr(checkpoints, "_SETTLED", -1.0)  # as two seconds later

    def read_and_replaced(told):
        (tmp_path / "others" / checkpoints.KEYS).rename(folder / checkpoints.KEYS)
        return read(told)

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(checkpoints.sm2.Keys, "import_key_set", read_and_replaced)
        assert len(read_all(folder)) == 1
    with pytest.raises(CheckpointsBroken, match="Checkpoint 1 is not signed"):
        read_all(folder)


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ([], None),
        ([("survey", 3)], None),
        ([("scoring", 3), ("survey", 9)], (1, 3)),
        ([("scoring", 3), ("scoring", 8)], (2, 8)),
        ([("scoring", 3), ("scoring", 8), ("restored", 1)], (1, 3)),
        ([("scoring", 3), ("scoring", 8), ("restored", 0)], None),
        ([("scoring", 3), ("scoring", 8), ("restored", 1), ("scoring", 5)], (4, 5)),
        ([("scoring", 3), ("survey", 8), ("scoring", 9), ("restored", 2)], (1, 3)),
        # Taken back twice: to what was before the first restore as well.
        ([("scoring", 3), ("restored", 0), ("scoring", 2), ("restored", 1)], (1, 3)),
        ([("scoring", 3), ("scoring", 4), ("restored", 1), ("restored", 2)], (2, 4)),
    ],
)
def test_a_database_must_have_what_the_newest_checkpoint_that_counts_tells_of(steps, expected):
    """Planted bugs: a restoration allows anything; one of another part counts."""
    found = []
    for number, (what, reached) in enumerate(steps, start=1):
        one = Checkpoint(number, "checkpoint", NOON, None, {}, (), (), None, None, (), "")
        if what == "restored":
            one = replace(one, kind="restoration", of=("scoring",), back_to=reached)
        else:
            one = replace(one, heads={what: [Mark(CHAIN, reached, "")]})
        found.append(one)
    told = marks_to_reach("scoring", found)
    assert (told and (told[0], told[1][0].seq)) == expected


async def test_a_part_does_not_start_on_a_database_that_is_behind(run_gateway, tmp_path):
    """Planted bugs: it is asked whether the chain is as long, not what it holds."""
    door = await run_gateway()
    await door.create("auditor")
    sessions = door.app.state.sessions
    async with sessions() as db:
        [(chain, seq, hashed), *_] = (await db.execute(journal.heads.select())).all()
    reached = Mark(chain, seq, hashed.hex())
    kept = checkpoints_in(tmp_path)
    kept.add({"gateway": [reached]}, [], NOON)
    await require_not_behind(sessions, "gateway", tmp_path)
    for mark in (replace(reached, seq=seq + 1), Mark("gone", 1, "0" * 64)):
        other = checkpoints_in(tmp_path / str(mark.seq) / mark.chain)
        other.add({"gateway": [mark]}, [], NOON)
        with pytest.raises(DatabaseBehind, match=f"entry {mark.seq} of {mark.chain} in gateway"):
            await require_not_behind(sessions, "gateway", tmp_path / str(mark.seq) / mark.chain)
    altered = tmp_path / "altered"
    other = checkpoints_in(altered)
    other.add({"gateway": [replace(reached, hash="0" * 64)]}, [], NOON)
    with pytest.raises(DatabaseBehind):
        await run_gateway(database_url=door.urls.app, checkpoints=altered)
    other.restore(["gateway"], 0, "演练", ["甲", "乙"], NOON)
    await run_gateway(database_url=door.urls.app, checkpoints=altered)


OLDER = """
    DO $$ BEGIN
      PERFORM set_config('session_replication_role', 'replica', true);
      DELETE FROM journal_entry WHERE chain = 'accounts' AND seq > {left};
      DELETE FROM journal_head WHERE chain = 'accounts' AND {left} = 0;
      UPDATE journal_head SET seq = {left}, hash = entry.hash FROM journal_entry entry
      WHERE entry.chain = 'accounts' AND entry.seq = {left} AND journal_head.chain = entry.chain;
    END $$
"""


async def test_every_older_state_of_a_database_is_found_before_it_is_served(
    run_gateway, sql, tmp_path
):
    """As older backups leave it, each whole in itself. Planted bug: that the chain is whole, and
    that there is a head, is enough."""
    door = await run_gateway()
    for _ in range(4):
        await door.create("auditor")
    sessions = door.app.state.sessions
    async with sessions() as db:
        rows = (await db.execute(journal.heads.select())).all()
    kept = checkpoints_in(tmp_path / "kept")
    made = [Mark(row.chain, row.seq, row.hash.hex()) for row in rows]
    kept.add({"gateway": made}, [], NOON)
    await require_not_behind(sessions, "gateway", tmp_path / "kept")
    [last] = [each.seq for each in made if each.chain == "accounts"]
    assert last > 4
    for left in range(last - 1, -1, -1):
        await sql(door, OLDER.format(left=left))
        async with sessions() as db:
            found = await journal.verified(db, "accounts")
        assert (found.holds, found.length) == (True, left)
        with pytest.raises(DatabaseBehind, match=f"entry {last} of accounts in gateway"):
            await require_not_behind(sessions, "gateway", tmp_path / "kept")
    kept.restore(["gateway"], 0, "演练", ["甲", "乙"], NOON)
    await require_not_behind(sessions, "gateway", tmp_path / "kept")
    assert [each.kind for each in kept.all()] == ["checkpoint", "restoration"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["scoring", "--by", "甲"], "two people are wanted"),
        (["scoring", "--by", "甲", "--by", " 甲 "], "two people are wanted"),
        (["scoring", "--by", "li si", "--by", "ｌｉ ｓｉ"], "two people are wanted"),
        (["scoring", "--by", "甲", "--by", "甲\u200b"], "two people are wanted"),
        (["scoring", "--by", "甲", "--by", " "], "two people are wanted"),
        (["scores", "--by", "甲", "--by", "乙"], "these are no parts: scores"),
        (["scoring", "--by", "甲", "--by", "乙", "--back-to", "7"], "a checkpoint that there is"),
    ],
)
def test_a_restore_is_said_by_two_people(given, said, tmp_path, monkeypatch, capsys, settings_for):
    """Planted bug: one person says it twice."""
    settings, _ = settings_for(checkpoints=tmp_path / "checkpoints")
    monkeypatch.setattr(restoration, "Settings", lambda: settings)
    back_to = [] if "--back-to" in given else ["--back-to", "0"]
    with pytest.raises(SystemExit):
        restoration.main([*given, *back_to, "--reason", "x"])
    assert said in capsys.readouterr().err
    restoration.main(
        ["scoring", "survey", "--back-to", "0", "--reason", "磁盘损坏", "--by", "甲", "--by", "乙"]
    )
    [made] = read_all(tmp_path / "checkpoints")
    assert (made.of, made.by, made.reason) == (["scoring", "survey"], ["甲", "乙"], "磁盘损坏")
    assert capsys.readouterr().out == f"1 {made.digest}\n"


class Parts:
    """Four services that tell how far their journals have come, or do not answer."""

    def __init__(self):
        self.heads = {name: {CHAIN: 3} for name in ("indicators", "ranking", "scoring", "survey")}
        self.silent = set()
        self.asked = []

    def transports(self):
        return {name: httpx.MockTransport(self._answer(name)) for name in self.heads}

    def _answer(self, name):
        def answer(request):
            self.asked.append((name, request.headers["authorization"]))
            if name in self.silent:
                return httpx.Response(503)
            after = request.url.params.get("after", "")
            some = sorted((c, n) for c, n in self.heads[name].items() if c > after)
            items = [{"chain": c, "seq": n, "hash": f"{n:064x}"} for c, n in some[:2]]
            onward = items[-1]["chain"] if len(some) > 2 else None
            return httpx.Response(200, json={"items": items, "next": onward})

        return answer


@pytest.fixture
async def parts(run_gateway):
    found = Parts()
    found.door = await run_gateway(found.transports())
    return found


async def test_an_auditor_has_one_made_and_anybody_notes_its_digest(parts):
    """Planted bugs: a part of many chains is asked for its first page alone; whoever asks for the
    newest has to sign in."""
    door = parts.door
    parts.heads["scoring"] = {f"cycles/{n}": n + 2 for n in range(1, 8)}
    parts.silent = {"survey"}
    async with door.client(door.token("auditor")) as auditor:
        made = await auditor.post("/api/v1/checkpoints")
        assert made.status_code == 201, made.text
        number = made.json()["number"]
        assert (made.json()["kind"], made.json()["missing"]) == ("checkpoint", ["survey"])
        whole = (await auditor.get(f"/api/v1/checkpoints/{number}")).json()
        listed = (await auditor.get("/api/v1/checkpoints?limit=200")).json()["items"]
        missing = await auditor.get(f"/api/v1/checkpoints/{number + 1}")
    of_scoring = [(e["chain"], e["seq"]) for e in whole["chains"] if e["journal"] == "scoring"]
    assert of_scoring == [(f"cycles/{n}", n + 2) for n in range(1, 8)]
    assert {each["journal"] for each in whole["chains"]} >= {"gateway", "indicators", "ranking"}
    assert listed[-1] == made.json()
    assert (missing.status_code, missing.json()["type"]) == (404, "no-such-checkpoint")
    async with door.client() as anybody:
        latest = (await anybody.get("/api/v1/checkpoints/latest")).json()
    assert (latest["number"], latest["digest"]) == (number, whole["digest"])
    [key] = latest["keys"]
    assert "d" not in key  # the public half alone
    known = {key["kid"]: (key["crv"], program.raw(key["x"]))}
    signed = program.stated(whole["signed"].encode(), known)
    assert signed["number"] == number
    assert hashlib.sha256(whole["signed"].encode()).hexdigest() == whole["digest"]


async def test_the_gateway_makes_one_each_day_by_itself(parts):
    """Planted bugs: it is made again at each look; one is made while a part is away; after a clock
    that was ahead none is made before that moment, or a part that is away is waited for without
    an end."""
    days = [NOON]
    state = parts.door.app.state
    notary = Notary(state.notary.kept, state.services, state.sessions, lambda: days[0])
    told = {"authorization": "Bearer x"}
    before = len(notary.kept.all())
    if before:
        days[0] = notary.kept.all()[-1].made_at + timedelta(days=1)

    async def look():
        await notary._make_if_due(lambda: told, 86_400)
        return len(notary.kept.all()) - before

    parts.silent = {"ranking"}
    if not before:
        assert await look() == 0
    parts.silent = set()
    assert [await look(), await look()] == [1, 1]
    days[0] += timedelta(hours=23)
    assert await look() == 1
    days[0] += timedelta(hours=1)
    parts.silent = {"ranking"}
    assert await look() == 1
    days[0] += timedelta(hours=1)
    assert await look() == 2
    assert notary.kept.all()[-1].missing == ["ranking"]
    days[0] -= timedelta(days=30)
    assert await look() == 2
    days[0] += timedelta(hours=1)
    assert [await look(), await look()] == [3, 3]
    assert notary.kept.all()[-1].missing == ["ranking"]
    parts.silent = set()


async def test_several_gateways_make_one_each_day_and_none_of_them_fails(parts):
    """They look at the same moment. Planted bug: `turn` is everybody's: the one makes it of what
    it was told later, and the other finds that journals went back."""
    state, failures = parts.door.app.state, FAILURES._value.get()
    kept = [Checkpoints(state.notary.kept._directory, state.notary.kept._signing) for _ in range(4)]
    day = max((each.made_at for each in kept[0].all()), default=NOON) + timedelta(days=2)
    grown = itertools.count(max(parts.heads["scoring"].values(), default=0) + 1)

    def told():
        parts.heads["scoring"] = {**parts.heads["scoring"], CHAIN: next(grown)}
        return {"authorization": "Bearer x"}

    before = len(kept[0].all())
    notaries = [Notary(each, state.services, state.sessions, lambda: day) for each in kept]
    looking = [asyncio.create_task(one.make_daily(told, 86_400, 0.01)) for one in notaries]
    try:
        await until(lambda: len(kept[0].all()) > before)
        await asyncio.sleep(0.3)  # as long again as all of them take to look
    finally:
        for each in looking:
            each.cancel()
        await asyncio.wait(looking)
    assert len(kept[0].all()) == before + 1
    assert FAILURES._value.get() == failures


async def test_who_asks_for_one_while_another_gateway_makes_one_waits_for_it(parts):
    """Planted bug: `make` does not wait for its turn, and is refused as if journals went back."""
    state = parts.door.app.state
    kept = [Checkpoints(state.notary.kept._directory, state.notary.kept._signing) for _ in range(4)]
    before = len(kept[0].all())
    notaries = [Notary(each, state.services, state.sessions, now) for each in kept]
    made = await asyncio.gather(*(one.make({"authorization": "Bearer x"}) for one in notaries))
    assert sorted(each.number for each in made) == [*range(before + 1, before + 5)]


async def test_a_journal_that_went_back_is_refused_by_name(parts):
    door = parts.door
    async with door.client(door.token("auditor")) as auditor:
        parts.heads["scoring"] = {CHAIN: 9}
        assert (await auditor.post("/api/v1/checkpoints")).status_code == 201
        parts.heads["scoring"] = {CHAIN: 8}
        answer = await auditor.post("/api/v1/checkpoints")
    assert (answer.status_code, answer.json()["type"]) == (409, "journals-behind")
    assert (answer.json()["part"], answer.json()["chain"]) == ("scoring", CHAIN)


@pytest.mark.parametrize("roles", ["performance_office", "assessed_unit", "system_administrator"])
async def test_how_far_journals_have_come_is_told_to_auditors(parts, roles):
    """Planted bug: whoever is signed in reads how many entries others have."""
    door = parts.door
    for unit in (None, "ZH01"):
        async with door.client(door.token(roles, unit=unit)) as client:
            assert (await client.get("/api/v1/checkpoints/1")).status_code == 403
            assert (await client.post("/api/v1/checkpoints")).status_code == 403
    async with door.client(door.token("auditor", unit="ZH01")) as client:
        assert (await client.get("/api/v1/checkpoints/1")).status_code == 403
        assert (await client.get("/api/v1/journals/gateway/heads")).status_code == 403
