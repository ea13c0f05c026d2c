"""A program's terms of use: versions of one text, to the newest of which people agree when they join."""

from uuid import UUID

from sqlalchemy import select

from vuoro.core import clock
from vuoro.core.actor import Actor
from vuoro.core.db import Db, touch
from vuoro.core.errors import Conflict, Invalid, NotFound
from vuoro.core.history import audit
from vuoro.core.wire import Localized
from vuoro.programs import service
from vuoro.programs.models import Enrollment, Program, ProgramTerms
from vuoro.programs.schemas import ProgramTermsIn, ProgramTermsOut
from vuoro.programs.standing import ENROLLED
from vuoro.programs.states import OVER


class TermsNotAgreed(Conflict):
    """The program has terms, and the person has not agreed to the newest of them."""

    code = "terms_not_agreed"
    text = "Read this programme's terms and agree to them first."


async def get(db: Db, me: Actor, program_id: UUID) -> ProgramTermsOut:
    """The newest terms of a program that the caller may see; NotFound where it has none."""
    found = await of(db, await service.get_row(db, me, program_id))
    if found is None:
        raise NotFound
    return found


async def of(db: Db, program: Program) -> ProgramTermsOut | None:
    """The newest terms of a program; None where it has none."""
    if program.terms_version is None:
        return None
    row = (
        await db.scalars(
            select(ProgramTerms).where(
                ProgramTerms.organization_id == db.organization_id,
                ProgramTerms.program_id == program.id,
                ProgramTerms.number == program.terms_version,
            )
        )
    ).one()
    return ProgramTermsOut(
        program_id=program.id, number=row.number, text=Localized(**row.text), created_at=row.created_at
    )


async def publish(db: Db, me: Actor, program_id: UUID, data: ProgramTermsIn) -> None:
    """A next version of the terms; the same text again changes nothing."""
    program = await service.managed(db, me, program_id)
    if program.state in OVER:
        raise service.ProgramOver
    before = await of(db, program)
    if before is not None and before.text.model_dump() == data.text.model_dump():
        return
    program.terms_version = (program.terms_version or 0) + 1
    db.add(
        ProgramTerms(
            organization_id=db.organization_id, program_id=program_id, number=program.terms_version,
            text=data.text.model_dump(), created_at=clock.now(),
        )
    )  # fmt: skip
    touch(program)
    audit(db, "program.terms", program_id, program_id=program_id)


def require(program: Program, row: Enrollment) -> None:
    """TermsNotAgreed unless the person agreed to the program's newest terms, or it has none."""
    if program.terms_version is not None and row.terms_version != program.terms_version:
        raise TermsNotAgreed(params={"number": program.terms_version})


def never_asked(newest: int | None, row: Enrollment) -> bool:
    """Whether somebody takes part in a program with terms, enrolled by others, whom nobody asked about them."""
    return newest is not None and row.terms_version is None and row.state in ENROLLED


async def require_asked(db: Db, program_id: UUID, enrollment_id: UUID) -> None:
    """TermsNotAgreed for somebody who was enrolled by others and has not agreed to any terms of the program yet."""
    newest = await db.scalar(
        select(Program.terms_version).where(Program.organization_id == db.organization_id, Program.id == program_id)
    )
    if newest is not None and never_asked(newest, await db.get_one(Enrollment, (db.organization_id, enrollment_id))):
        raise TermsNotAgreed(params={"number": newest, "enrollment_id": str(enrollment_id)})


def agree(program: Program, row: Enrollment, number: int | None, pointer: str) -> None:
    """Write down that the person agrees to this version; Invalid when another one is the newest."""
    if number is None:
        return
    if number != program.terms_version:
        raise Invalid.at(pointer, "terms_changed", "The programme has other terms by now. Read them anew.")
    if row.terms_version != number:
        row.terms_version, row.terms_agreed_at = number, clock.now()
