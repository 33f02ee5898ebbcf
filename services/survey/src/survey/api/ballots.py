"""Ballots: seats, the urn, and one sealed ballot from each seat."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Annotated, Any
from uuid import UUID

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from pydantic import Field
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import journal, persons
from chassis.authorisation import Permission, Permit
from chassis.db import Snapshot, Transaction
from chassis.journal import Receipt
from chassis.problems import documents
from chassis.routes import Router
from chassis.stored import StoredDataAltered, require_intact
from chassis.wire import Code, Incoming, Outgoing
from survey.api.seats import by_ballot, record
from survey.api.surveys import AskedQuestion, OptionCode
from survey.api.voidings import asked_about
from survey.api.waves import WaveNo
from survey.peers import AskIndicators, PeerDown, PeerMissing, PeerRefused
from survey.queries.counts import SEATS, seats_of
from survey.queries.surveys import Lock, NoSuchWave, in_wave, surveyed_units
from survey.rules.ballots import (
    BallotCast,
    BallotRejected,
    Judgement,
    NoSeat,
    NotByBallot,
    PersonHasVoted,
    Seat,
    UnusableKey,
    UrnMissing,
    UrnThere,
    WrongKey,
    check_ballot,
    raw_key,
    tallied,
)
from survey.rules.decisions import DeciderBarred, check_interest
from survey.rules.states import WaveNotOpen, WaveState, require
from survey.tables.counts import BallotRow, UrnOpeningRow, UrnRow, VoterRow
from survey.tables.waves import WaveRow

router = Router(prefix="/surveys/{survey_id}/waves/{wave}", tags=["waves"])

_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_PADDED = 4096
"""Ballots are padded to a multiple of so many bytes: their length tells nothing."""

Key = Annotated[str, Field(min_length=43, max_length=43, pattern=r"^[A-Za-z0-9_-]{43}$")]
Blinding = Annotated[str, Field(min_length=22, max_length=200, pattern=r"^[A-Za-z0-9_-]+$")]


class NewUrn(Incoming):
    """The public part of an X25519 key in base64url; the private part stays with who made it."""

    public_key: Key


class NewUrnOpening(Incoming):
    """The private part of the key that set the urn up, in base64url; it is not kept."""

    private_key: Key


class UrnStep(Outgoing):
    """How many ballots an urn holds or held, with the receipt of the journal."""

    survey_id: UUID
    wave: int
    ballots: int
    receipt: Receipt | None


class NewJudgement(Incoming):
    """What a ballot says about one unit: `answer`, or `answers` where the survey has questions."""

    unit: Code
    answer: OptionCode | None = None
    answers: Annotated[Mapping[Code, OptionCode] | None, Field(max_length=100)] = None


class NewBallot(Incoming):
    """The judgements of one seat; units that are left out are not judged.

    `blinding` is random text: with it, what is kept of the request for its repetition leads to no
    judgement.
    """

    judgements: Annotated[list[NewJudgement], Field(min_length=1, max_length=1_000)]
    blinding: Blinding


class CastBallot(Outgoing):
    """That a ballot was cast from a seat, with the receipt of the journal."""

    seat: str
    receipt: Receipt | None


class BallotPaper(Outgoing):
    """What the holder of a seat is asked: about which units, and which questions."""

    survey_id: UUID
    wave: int
    name: str
    seat: str
    cast: bool
    units: list[str]
    questions: list[AskedQuestion]


@router.post(
    "/urn",
    status_code=201,
    responses=documents(
        NoSuchWave,
        NotByBallot,
        UrnThere,
        UnusableKey,
        DeciderBarred,
        PeerDown,
        PeerMissing,
        PeerRefused,
    ),
)
async def set_up_urn(
    survey_id: UUID,
    wave: WaveNo,
    new: NewUrn,
    reading: Snapshot,
    db: Transaction,
    permit: Permit,
    ask: AskIndicators,
) -> UrnStep:
    """Set the urn of a wave up, for whose key all of its ballots will be sealed.

    Whoever supervises makes the key and keeps its private part: the system never has it before the
    urn is opened. Who loses it has the wave repeated.
    """
    await _require_uninvolved(reading, survey_id, wave, permit, ask)
    survey, row = await by_ballot(db, survey_id, wave, Lock.ALONE, permit)
    permit.require(phase=row.state)
    raw = raw_key(new.public_key)
    if raw is None:
        raise UnusableKey("It is no key of 32 bytes.", "不是32字节的密钥。")
    if not _seals(raw):
        raise UnusableKey("It is no point of the curve that seals.", "该公钥是曲线上的低阶点。")
    stored = await db.scalar(
        insert(UrnRow)
        .values(**row.key, public_key=raw, set_up_by=permit.caller.subject)
        .on_conflict_do_nothing()
        .returning(UrnRow.wave)
    )
    if stored is None:
        raise UrnThere("The wave has its urn.", "本轮已设立票箱。")
    receipt = await record(db, permit, survey, row, "urn-set-up", {"public_key": new.public_key})
    return UrnStep(survey_id=survey_id, wave=wave, ballots=0, receipt=receipt)


@router.post(
    "/urn/opening",
    status_code=201,
    responses=documents(
        NoSuchWave,
        NotByBallot,
        UrnMissing,
        UrnThere,
        WrongKey,
        DeciderBarred,
        PeerDown,
        PeerMissing,
        PeerRefused,
        StoredDataAltered,
    ),
)
async def open_urn(
    survey_id: UUID,
    wave: WaveNo,
    new: NewUrnOpening,
    reading: Snapshot,
    db: Transaction,
    permit: Permit,
    ask: AskIndicators,
) -> UrnStep:
    """Open the urn of a stopped wave: count all its ballots at once, and keep the counts alone."""
    await _require_uninvolved(reading, survey_id, wave, permit, ask)
    survey, row = await by_ballot(db, survey_id, wave, Lock.ALONE, permit)
    permit.require(phase=row.state)
    urn = await db.scalar(select(UrnRow).where(*in_wave(row, UrnRow)))
    if urn is None:
        raise UrnMissing("The wave has no urn.", "本轮没有票箱。")
    private = _private(new.private_key, urn.public_key)
    await journal.require_whole(db, str(row.cycle_id))
    await require_intact(db, str(row.cycle_id), "survey", "wave", *SEATS, "urn", "ballot", "voter")
    sealed = (await db.scalars(select(BallotRow.sealed).where(*in_wave(row, BallotRow)))).all()
    ballots = await asyncio.to_thread(_opened, private, _about(row), sealed)
    tallies = tallied(ballots)
    stored = await db.scalar(
        insert(UrnOpeningRow)
        .values(**row.key, ballots=len(sealed), tallies=tallies, opened_by=permit.caller.subject)
        .on_conflict_do_nothing()
        .returning(UrnOpeningRow.wave)
    )
    if stored is None:
        raise UrnThere("The urn has been opened.", "票箱已经开启。")
    receipt = await record(db, permit, survey, row, "urn-opened", {"ballots": len(sealed)})
    return UrnStep(survey_id=survey_id, wave=wave, ballots=len(sealed), receipt=receipt)


@router.post(
    "/ballot",
    status_code=201,
    responses=documents(
        NoSuchWave,
        WaveNotOpen,
        NotByBallot,
        NoSeat,
        UrnMissing,
        UrnThere,
        BallotRejected,
        BallotCast,
        PersonHasVoted,
    ),
)
async def cast_ballot(
    survey_id: UUID, wave: WaveNo, new: NewBallot, db: Transaction, permit: Permit
) -> CastBallot:
    """Cast the ballot of the caller's own seat, once; nobody can take it back or look at it."""
    survey, row = await by_ballot(db, survey_id, wave, Lock.SHARED, permit)
    seat = await _seat_of(db, row, permit)
    require((WaveState.OPEN,), WaveState(row.state), wave)
    permit.require({"seat"}, row.state)
    key = await db.scalar(select(UrnRow.public_key).where(*in_wave(row, UrnRow)))
    if key is None:
        raise UrnMissing("The wave has no urn.", "本轮没有票箱。")
    opened = await db.scalar(select(UrnOpeningRow.wave).where(*in_wave(row, UrnOpeningRow)))
    if opened is not None:  # the wave was stopped, counted and reopened
        raise UrnThere("The urn has been opened.", "票箱已经开启。")
    judgements = [Judgement(e.unit, e.answer, e.answers) for e in new.judgements]
    units = set(await surveyed_units(db, survey))
    check_ballot(survey.definition, units, _own(seat, permit), judgements)
    stored = await db.scalar(
        insert(BallotRow)
        .values(**row.key, seat=seat.seat, sealed=_sealed(key, _about(row), seat, judgements))
        .on_conflict_do_nothing()
        .returning(BallotRow.seat)
    )
    if stored is None:
        raise BallotCast("A ballot was cast from this seat.", "该席位已经投票。")
    await _enter_voter(db, row, seat, permit)
    receipt = await record(db, permit, survey, row, "ballot-cast", {"seat": seat.seat})
    return CastBallot(seat=seat.seat, receipt=receipt)


@router.get("/ballot", responses=documents(NoSuchWave, NotByBallot, NoSeat))
async def read_ballot_paper(
    survey_id: UUID, wave: WaveNo, db: Snapshot, permit: Permit
) -> BallotPaper:
    """Give what the caller's own seat is asked, and whether its ballot has been cast."""
    survey, row = await by_ballot(db, survey_id, wave, Lock.NONE, permit)
    seat = await _seat_of(db, row, permit)
    permit.require({"seat"}, row.state)
    own = _own(seat, permit)
    cast = select(BallotRow.seat).where(*in_wave(row, BallotRow), BallotRow.seat == seat.seat)
    definition = survey.definition
    return BallotPaper(
        survey_id=survey_id,
        wave=wave,
        name=definition.name,
        seat=seat.seat,
        cast=await db.scalar(cast) is not None,
        units=[each for each in await surveyed_units(db, survey) if each not in own],
        questions=[AskedQuestion.model_validate(each) for each in definition.asked],
    )


async def _require_uninvolved(
    reading: AsyncSession, survey_id: UUID, wave: int, permit: Permission, ask: AskIndicators
) -> None:
    """Refuse whoever is of a unit that the survey asks about, or competes with one."""
    scheme, units = await asked_about(reading, survey_id, wave, ask)
    check_interest(permit.caller.organisation, scheme.competing_with(units))


async def _seat_of(db: AsyncSession, wave: WaveRow, permit: Permission) -> Seat:
    for held in await seats_of(db, wave):
        if held.account == permit.caller.subject:
            return held
    raise NoSeat("The caller holds no seat.", "调用者没有席位。")


async def _enter_voter(db: AsyncSession, wave: WaveRow, seat: Seat, permit: Permission) -> None:
    """Keep that the person behind an account has voted, or refuse the ballot of who has by another.

    Of two that are cast at once the later one waits here for the first.
    """
    stored = await db.scalar(
        insert(VoterRow)
        .values(**wave.key, person=persons.folded(permit.caller.person), seat=seat.seat)
        .on_conflict_do_nothing()
        .returning(VoterRow.seat)
    )
    if stored is None:
        raise PersonHasVoted("The ballot was not cast.", "选票未投出。")


def _own(seat: Seat, permit: Permission) -> frozenset[str]:
    """Return about which units a seat says nothing: its own, and that of who holds it."""
    return frozenset(each for each in (seat.unit, permit.caller.organisation) if each)


def _about(wave: WaveRow) -> bytes:
    """Return for what a ballot is sealed: one of another wave does not open here."""
    return f"kaoping/ballot/{wave.cycle_id}/{wave.survey_id}/{wave.wave}".encode()


def _seals(key: bytes) -> bool:
    """Say whether a ballot can be sealed for a public key: for one of the few points of low order
    the secret that is agreed on would be nought, whoever seals."""
    try:
        X25519PrivateKey.generate().exchange(X25519PublicKey.from_public_bytes(key))
    except ValueError:
        return False
    return True


def _sealed(key: bytes, about: bytes, seat: Seat, judgements: Sequence[Judgement]) -> bytes:
    told = {"group": seat.group, "judgements": [_plain(each) for each in judgements]}
    content = orjson.dumps(told)
    padded = content.ljust(-(-len(content) // _PADDED) * _PADDED)
    return _SUITE.encrypt(padded, X25519PublicKey.from_public_bytes(key), about)


def _plain(judgement: Judgement) -> dict[str, Any]:
    answers = None if judgement.answers is None else {**judgement.answers}
    return {"unit": judgement.unit, "answer": judgement.answer, "answers": answers}


def _private(text: str, public: bytes) -> X25519PrivateKey:
    raw = raw_key(text)
    key = None if raw is None else X25519PrivateKey.from_private_bytes(raw)
    if key is None or key.public_key().public_bytes_raw() != public:
        raise WrongKey("It is not the key of this urn.", "不是本票箱的密钥。")
    return key


def _opened(
    key: X25519PrivateKey, about: bytes, sealed: Sequence[bytes]
) -> list[tuple[str | None, list[Judgement]]]:
    found = []
    for each in sealed:
        try:
            told = orjson.loads(_SUITE.decrypt(each, key, about))
        except InvalidTag:  # a ballot that was changed since it was cast
            raise WrongKey("A ballot does not open.", "有选票无法打开。") from None
        found.append((told["group"], [Judgement(**one) for one in told["judgements"]]))
    return found
