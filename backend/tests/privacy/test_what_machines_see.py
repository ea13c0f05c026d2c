"""H6: participation leaves the product only with the junior's consent; a machine without it gets counts."""

import pytest

from vuoro.identity import machines
from vuoro.identity.schemas import ApiClientIn

SCOPES = ["people:read", "people:write", "programs:read", "pairs:read", "insights:read"]


@pytest.fixture
async def machine(filled, superuser, api, databases, world):
    await superuser.execute(
        "update enrollments set state = 'paired', skills = '{}', topics = '{}', wants_to_understand = '{}',"
        " availability = '[]'; update pairs set reasons = '[]', checks = '{}', shared = false;"
        "delete from import_rows; delete from imports; delete from surveys; delete from program_events;"
        "delete from challenges; update people set title = 'Developer'"
    )
    async with databases.app.transaction(world.admin.actor) as db:
        client = await machines.add_client(db, db.me, ApiClientIn(name="HRIS", scopes=SCOPES))
    return api(await api.key(world.organization_id, client))


async def told(machine, application, filled) -> set[str]:
    """Paths, other than the directory, whose answer to a machine with every scope names one of the two."""
    ids = {"program_id": filled.couple.program_id, "pair_id": filled.couple.pair_id,
           "session_id": filled.couple.session_id}  # fmt: skip
    names = (str(filled.couple.mentor.id), str(filled.couple.mentee.id))
    found = set()
    for path, item in application.openapi()["paths"].items():
        wanted = {part[1:-1] for part in path.split("/") if part.startswith("{")}
        if "get" in item and wanted <= ids.keys() and not path.startswith("/v1/people"):
            answer = await machine.get(path.format(**ids))
            assert answer.status_code < 500, path
            if any(name in answer.text for name in names):
                found.add(path)
    return found


async def test_no_scope_tells_who_takes_part_before_the_mentor_allows_it(machine, application, filled):
    assert await told(machine, application, filled) == set()


async def test_with_the_mentors_consent_a_machine_sees_the_pair_alone(machine, application, filled, superuser):
    await superuser.execute("update pairs set shared = true")
    assert await told(machine, application, filled) == {"/v1/pairs", "/v1/pairs/{pair_id}"}


async def test_consent_that_is_taken_back_counts_at_the_next_request(machine, filled, superuser, api, world):
    noa, path = api(world["noa"]), f"/v1/pairs/{filled.couple.pair_id}"
    await superuser.execute("update pairs set mentee_asked_at = activated_at")
    for allowed, status in ((True, 200), (False, 404)):
        assert (await noa.put(f"{path}/sharing", json={"allowed": allowed})).status_code == 200
        assert (await machine.get(path)).status_code == status
