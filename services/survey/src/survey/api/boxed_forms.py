"""The forms that were answered by links leave their box when the wave stops."""

import secrets
from typing import cast

from sqlalchemy import Table, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import journal
from chassis.authorisation import Permission
from chassis.db import copy_lines
from chassis.stored import require_intact
from survey.api.response_lines import COLUMNS, copied_lines
from survey.queries.links import empty_box, forms_in
from survey.queries.responses import generation_of
from survey.queries.surveys import in_wave
from survey.rules.links import ONLINE_FORM, columns_of, number_of_batch, token_of
from survey.tables.responses import BatchRow, ResponseRow
from survey.tables.surveys import SurveyRow
from survey.tables.waves import WaveRow

_RESPONSES = cast(Table, ResponseRow.__table__)
_LENGTH = 32
LINKS = ("form_link", "form_link_use", "form_link_withdrawal", "boxed_form")


async def take_forms(
    db: AsyncSession, permit: Permission, survey: SurveyRow, wave: WaveRow
) -> None:
    """Make the forms in the box of a wave that stops a batch of responses, and empty the box.

    All by one transaction, in an order that is drawn and under tokens that are: neither place,
    number nor time of a response tells of which link it is.
    """
    if survey.definition.mode != ONLINE_FORM:
        return
    forms = await forms_in(db, wave)
    if not forms:
        return
    with db.no_autoflush:  # the wave that is stored is still open, as the journal recorded it
        await journal.require_whole(db, str(wave.cycle_id))
        await require_intact(db, str(wave.cycle_id), *LINKS)
    tokens = [token_of(secrets.token_bytes(_LENGTH)) for _ in forms]
    lines = copied_lines(survey.definition, columns_of(forms, tokens))
    known = select(BatchRow.batch_no).where(*in_wave(wave, BatchRow))
    number = number_of_batch(set(await db.scalars(known)))
    digest = journal.sha256(lines)
    batch = insert(BatchRow).values(**wave.key, batch_no=number, accepted=len(lines), digest=digest)
    generation = await db.scalar(generation_of(wave, batch))
    same = {**wave.key, "generation": generation, "batch_no": number}
    await copy_lines(db, _RESPONSES, same, COLUMNS, lines)
    await empty_box(db, wave)
    told = {"survey_id": str(wave.survey_id), "wave": wave.wave, "batch_no": number}
    await journal.record(
        db,
        chain=str(wave.cycle_id),
        caller=permit.caller,
        event="survey.batch-posted",
        body=told | {"rows_digest": digest},
        last=False,
    )
