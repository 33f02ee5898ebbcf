"""Links of online forms, and the forms that wait until their wave stops."""

import secrets
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Uuid,
    bindparam,
    case,
    exists,
    func,
    insert,
    literal,
    null,
    select,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import insert as insert_unless_there
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.db import record_for
from survey.queries.responses import OF_WAVE
from survey.queries.surveys import in_wave, where_it_lies
from survey.rules.links import OpenLink
from survey.tables.links import (
    BoxedFormRow,
    FormLinkRow,
    FormLinkUseRow,
    FormLinkWithdrawalRow,
)
from survey.tables.surveys import SurveyRow
from survey.tables.waves import WaveRow


@dataclass(frozen=True, slots=True)
class FoundLink:
    """A link with the survey and the wave that it is of, and what became of it, if anything did."""

    link: FormLinkRow
    survey: SurveyRow
    wave: WaveRow
    end: str | None


async def find_link(db: AsyncSession, digest: str, *, hold: bool = False) -> FoundLink | None:
    """Return the link of a digest; its wave is held on request, so that it does not stop before the
    commit. One question, whatever there is to be found."""
    link = FormLinkRow
    query = (
        select(link, SurveyRow, WaveRow, _end())
        .join(
            SurveyRow,
            (SurveyRow.cycle_id == link.cycle_id) & (SurveyRow.survey_id == link.survey_id),
        )
        .join(
            WaveRow,
            (WaveRow.cycle_id == link.cycle_id)
            & (WaveRow.survey_id == link.survey_id)
            & (WaveRow.wave == link.wave),
        )
        .where(link.link == digest)
    )
    if hold:
        query = query.with_for_update(read=True, of=WaveRow)
        query = query.where(await where_it_lies(db, link, link.link == digest))
    found = (await db.execute(query)).one_or_none()
    return None if found is None else FoundLink(*found)


def _end() -> ColumnElement[str | None]:
    """Return what became of a link, as a part of a statement: a used one is not withdrawn."""
    link, used, gone = FormLinkRow, FormLinkUseRow, FormLinkWithdrawalRow
    is_used = exists().where(*_same(used, link), used.link == link.link)
    is_withdrawn = exists().where(*_same(gone, link), gone.draw_no == link.draw_no)
    return case((is_used, "used"), (is_withdrawn, "withdrawn"), else_=null())


def _same(
    one: type[FormLinkUseRow] | type[FormLinkWithdrawalRow], link: type[FormLinkRow]
) -> Iterator[ColumnElement[bool]]:
    return (getattr(one, name) == getattr(link, name) for name in OF_WAVE)


async def next_draw(db: AsyncSession, wave: WaveRow) -> int:
    """Return the number of the next links that are drawn for a wave, which is held."""
    of = FormLinkRow
    return 1 + ((await db.scalar(select(func.max(of.draw_no)).where(*in_wave(wave, of)))) or 0)


async def drawn_from(db: AsyncSession, wave: WaveRow) -> set[tuple[str, str | None]]:
    """Return about which units links of a wave ask that can still be used, and from which strata
    their respondents are drawn."""
    link = FormLinkRow
    asked = func.jsonb_object_keys(link.units).table_valued("unit", name="asked").render_derived()
    rows = await db.execute(
        select(asked.c.unit, link.stratum)
        .select_from(link)
        .join(asked, true())
        .where(*in_wave(wave, link), _end().is_(None))
        .distinct()
    )
    return {(unit, stratum) for unit, stratum in rows}


async def add_links(
    db: AsyncSession, wave: WaveRow, digests: Sequence[str], told: Mapping[str, Any]
) -> None:
    """Keep links that were drawn, all with the same `told` of them."""
    await db.execute(insert(FormLinkRow), [{**wave.key, "link": d, **told} for d in digests])


async def use_link(db: AsyncSession, found: FoundLink, form: Sequence[Mapping[str, Any]]) -> bool:
    """Put a form in the box of its wave; say False where somebody used or withdrew the link
    before, also while this waited for the wave."""
    of, link, gone = FormLinkUseRow, found.link, FormLinkWithdrawalRow
    withdrawn = exists().where(*in_wave(found.wave, gone), gone.draw_no == link.draw_no)
    key = {**found.wave.key, "link": link.link}
    columns = [bindparam(name, value, of.__table__.c[name].type) for name, value in key.items()]
    record = await record_for(db, "form_link_use")
    stored = await db.scalar(
        insert_unless_there(of)
        .from_select([*key, "record"], select(*columns, record).where(~withdrawn))
        .on_conflict_do_nothing()
        .returning(of.link)
    )
    if stored is None:
        return False
    respondent = {"respondent_group": link.respondent_group, "stratum": link.stratum}
    await db.execute(insert(BoxedFormRow).values(**found.wave.key, **respondent, form=[*form]))
    return True


async def withdraw_draws(
    db: AsyncSession, wave: WaveRow, draws: Iterable[int], told: Mapping[str, str]
) -> list[int]:
    """Withdraw those links of these draws of a wave that nobody has used, all with the same `told`
    of it; return the draws of which that was not so before."""
    of = FormLinkWithdrawalRow
    rows = await db.scalars(
        insert_unless_there(of)
        .values([{**wave.key, "draw_no": each, **told} for each in draws])
        .on_conflict_do_nothing()
        .returning(of.draw_no)
    )
    return sorted(rows)


async def forms_in(db: AsyncSession, wave: WaveRow) -> list[OpenLink]:
    """Return the forms in the box of a wave with what is known of their respondents, in an order
    that is drawn: that in which they came stays here."""
    of = BoxedFormRow
    rows = await db.execute(
        select(of.respondent_group, of.stratum, of.form).where(
            *in_wave(wave, of), of.form.is_not(None)
        )
    )
    forms = [OpenLink(group, stratum, form) for group, stratum, form in rows]
    secrets.SystemRandom().shuffle(forms)
    return forms


async def empty_box(db: AsyncSession, wave: WaveRow) -> None:
    """Forget what was answered in which form, and draw each anew, by which nobody finds it."""
    of = BoxedFormRow
    full = *in_wave(wave, of), of.form.is_not(None)
    ids = (await db.scalars(select(of.form_id).where(*full))).all()
    new = literal([uuid.uuid4() for _ in ids], ARRAY(Uuid()))
    both = func.unnest(literal(ids, ARRAY(Uuid())), new)
    drawn = both.table_valued("form_id", "blinding", name="drawn").render_derived()
    await db.execute(
        update(of)
        .where(*full, of.form_id == drawn.c.form_id)
        .values(form=None, blinding=drawn.c.blinding)
        .execution_options(synchronize_session=False)
    )


async def has_emptied_box(db: AsyncSession, wave: WaveRow) -> bool:
    """Say whether forms of a wave have become responses."""
    of = BoxedFormRow
    taken = select(of.form_id).where(*in_wave(wave, of), of.form.is_(None)).limit(1)
    return await db.scalar(taken) is not None


async def links_by_unit(db: AsyncSession, wave: WaveRow) -> Mapping[str, Counter[str | None]]:
    """Return how many links of a wave ask about each unit, by what became of them."""
    link, end = FormLinkRow, _end().label("step")
    asked = func.jsonb_object_keys(link.units).table_valued("unit", name="asked").render_derived()
    of_each = (
        select(asked.c.unit, end).select_from(link).join(asked, true()).where(*in_wave(wave, link))
    ).subquery()
    unit, step = of_each.c.unit, of_each.c.step
    rows = await db.execute(select(unit, step, func.count()).group_by(unit, step))
    found = dict[str, Counter[str | None]]()
    for name, step, number in rows:
        found.setdefault(name, Counter())[step] = number
    return found
