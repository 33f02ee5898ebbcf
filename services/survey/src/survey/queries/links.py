"""Links of online forms, and the forms that wait until their wave stops."""

import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, insert, literal, select, true, update
from sqlalchemy.dialects.postgresql import insert as insert_unless_there
from sqlalchemy.ext.asyncio import AsyncSession

from survey.queries.surveys import in_wave
from survey.rules.links import OpenLink
from survey.tables.links import FormLinkEndRow, FormLinkRow
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
    link, end = FormLinkRow, FormLinkEndRow
    query = (
        select(link, SurveyRow, WaveRow, end.step)
        .join(SurveyRow, SurveyRow.survey_id == link.survey_id)
        .join(
            WaveRow,
            (WaveRow.cycle_id == link.cycle_id)
            & (WaveRow.survey_id == link.survey_id)
            & (WaveRow.wave == link.wave),
        )
        .outerjoin(end)
        .where(link.link == digest)
    )
    if hold:
        query = query.with_for_update(read=True, of=WaveRow)
    found = (await db.execute(query)).one_or_none()
    return None if found is None else FoundLink(*found)


async def next_draw(db: AsyncSession, wave: WaveRow) -> int:
    """Return the number of the next links that are drawn for a wave, which is held."""
    of = FormLinkRow
    return 1 + ((await db.scalar(select(func.max(of.draw_no)).where(*in_wave(wave, of)))) or 0)


async def drawn_from(db: AsyncSession, wave: WaveRow) -> set[tuple[str, str | None]]:
    """Return about which units links of a wave ask that can still be used, and from which strata
    their respondents are drawn."""
    link, end = FormLinkRow, FormLinkEndRow
    asked = func.jsonb_object_keys(link.units).table_valued("unit", name="asked").render_derived()
    rows = await db.execute(
        select(asked.c.unit, link.stratum)
        .select_from(link)
        .join(asked, true())
        .outerjoin(end)
        .where(*in_wave(wave, link), end.step.is_(None))
        .distinct()
    )
    return {(unit, stratum) for unit, stratum in rows}


async def add_links(
    db: AsyncSession, wave: WaveRow, digests: Sequence[str], told: Mapping[str, Any]
) -> None:
    """Keep links that were drawn, all with the same `told` of them."""
    await db.execute(insert(FormLinkRow), [{**wave.key, "link": d, **told} for d in digests])


async def use_link(
    db: AsyncSession, found: FoundLink, form: Sequence[Mapping[str, Any]], blinding: str
) -> bool:
    """Put a form in the box of its wave; say False where somebody used or withdrew the link
    before."""
    stored = await db.scalar(
        insert_unless_there(FormLinkEndRow)
        .values(
            **found.wave.key, link=found.link.link, step="used", form=[*form], blinding=blinding
        )
        .on_conflict_do_nothing()
        .returning(FormLinkEndRow.link)
    )
    return stored is not None


async def withdraw_unused(db: AsyncSession, wave: WaveRow, draw_no: int | None) -> int:
    """Withdraw the links of a wave, or of one draw, that nobody has used; return how many."""
    of, columns = FormLinkRow, ["cycle_id", "survey_id", "wave", "link", "step"]
    drawn = (of.draw_no == draw_no,) if draw_no is not None else ()
    unused = select(of.cycle_id, of.survey_id, of.wave, of.link, literal("withdrawn")).where(
        *in_wave(wave, of), *drawn
    )
    rows = await db.scalars(
        insert_unless_there(FormLinkEndRow)
        .from_select(columns, unused)
        .on_conflict_do_nothing()
        .returning(FormLinkEndRow.link)
    )
    return len(rows.all())


async def forms_in(db: AsyncSession, wave: WaveRow) -> list[OpenLink]:
    """Return the forms in the box of a wave with what is known of their respondents, in an order
    that is drawn: that in which they came stays here."""
    link, end = FormLinkRow, FormLinkEndRow
    rows = await db.execute(
        select(link.respondent_group, link.stratum, end.form)
        .join(link)
        .where(*in_wave(wave, end), end.form.is_not(None))
    )
    forms = [OpenLink(group, stratum, form) for group, stratum, form in rows]
    secrets.SystemRandom().shuffle(forms)
    return forms


async def empty_box(db: AsyncSession, wave: WaveRow) -> None:
    """Forget what was answered by which link."""
    end = FormLinkEndRow
    await db.execute(
        update(end)
        .where(*in_wave(wave, end), end.form.is_not(None))
        .values(form=None, blinding=None)
        .execution_options(synchronize_session=False)
    )


async def links_by_unit(db: AsyncSession, wave: WaveRow) -> Mapping[str, Counter[str | None]]:
    """Return how many links of a wave ask about each unit, by what became of them."""
    link, end = FormLinkRow, FormLinkEndRow
    asked = func.jsonb_object_keys(link.units).table_valued("unit", name="asked").render_derived()
    unit = asked.c.unit
    rows = await db.execute(
        select(unit, end.step, func.count())
        .select_from(link)
        .join(asked, true())
        .outerjoin(end)
        .where(*in_wave(wave, link))
        .group_by(unit, end.step)
    )
    found = dict[str, Counter[str | None]]()
    for name, step, number in rows:
        found.setdefault(name, Counter())[step] = number
    return found
