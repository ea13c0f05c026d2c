"""A program that is open for joining, and short ways to join it."""

from typing import Any

from support.contract import etag_of

from vuoro.core import clock

EASY = {"weekday": 1, "from": "09:00", "to": "11:30"}


async def opened(api: Any, world: Any, template: str = "sounding-board", **changes: Any) -> str:
    """The path of an enrolling program; `changes` are settings other than the usual."""
    manager = api(world.manager)
    body = {"name": "Turn", "template": template, "starts_on": clock.now().date().isoformat()}
    program = (await manager.post("/v1/programs", json=body)).json()
    path = f"/v1/programs/{program['id']}"
    if changes:
        await configure(api, world, path, **changes)
    answer = await manager.post(f"{path}/transitions", json={"to": "enrolling"})
    assert answer.status_code == 200, answer.text
    return path


async def configure(api: Any, world: Any, path: str, **changes: Any) -> None:
    """Change settings of a program."""
    manager = api(world.manager)
    read = await manager.get(path)
    settings = {**read.json()["settings"], **changes}
    answer = await manager.patch(path, json={"settings": settings}, headers=etag_of(read))
    assert answer.status_code == 200, answer.text


async def apply(api: Any, world: Any, path: str, who: str, role: str = "mentor", **more: Any) -> Any:
    """Somebody applies for themselves: the answer."""
    body = {"person_id": str(world[who].id), "role": role, **more}
    return await api(world[who]).post(f"{path}/enrollments", json=body)


async def enrolled(api: Any, world: Any, path: str, who: str, role: str = "mentor", **more: Any) -> dict[str, Any]:
    """The manager enrolls somebody: the enrollment."""
    body = {"person_id": str(world[who].id), "role": role, **more}
    answer = await api(world.manager).post(f"{path}/enrollments", json=body)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def step(api: Any, who: Any, enrollment: dict[str, Any], verb: str) -> Any:
    """One step of an enrollment: the answer."""
    return await api(who).post(f"/v1/enrollments/{enrollment['id']}/{verb}")


async def read(api: Any, who: Any, enrollment: dict[str, Any]) -> Any:
    """An enrollment as somebody sees it: the answer."""
    return await api(who).get(f"/v1/enrollments/{enrollment['id']}")


async def write(api: Any, who: Any, enrollment: dict[str, Any], **changes: Any) -> Any:
    """Somebody changes an enrollment: the answer."""
    tag = etag_of(await read(api, who, enrollment))
    return await api(who).patch(f"/v1/enrollments/{enrollment['id']}", json=changes, headers=tag)
