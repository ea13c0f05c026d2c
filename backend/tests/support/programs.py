"""Programs through the API: made, moved on, filled with people."""

from typing import Any

from support.contract import problem
from support.world import World


class Programme:
    """One program and what its manager does with it."""

    def __init__(self, api: Any, world: World, body: dict[str, Any]) -> None:
        self.api, self.world, self.id = api, world, body["id"]
        self.path = f"/v1/programs/{self.id}"
        self.manager = api(world.manager)

    async def read(self, who: Any = None) -> dict[str, Any]:
        """The program, for its manager or somebody else."""
        answer = await (self.api(who) if who else self.manager).get(self.path)
        assert answer.status_code == 200, answer.text
        body: dict[str, Any] = answer.json()
        return body

    async def go(self, *states: str) -> dict[str, Any]:
        """Move it on, step by step."""
        body: dict[str, Any] = {}
        for to in states:
            answer = await self.manager.post(f"{self.path}/transitions", json={"to": to})
            assert answer.status_code == 200, answer.text
            body = answer.json()
        return body

    async def refused(self, to: str, code: str) -> dict[str, Any]:
        """What is answered to a step that cannot be taken."""
        answer = await self.manager.post(f"{self.path}/transitions", json={"to": to})
        params: dict[str, Any] = problem(answer, 409, code)["params"]
        return params

    async def change(self, status: int = 200, **patch: Any) -> Any:
        """A change by the manager, with the newest ETag."""
        tag = (await self.manager.get(self.path)).headers["etag"]
        answer = await self.manager.patch(self.path, json=patch, headers={"If-Match": tag})
        assert answer.status_code == status, answer.text
        return answer.json()

    async def enroll(self, role: str, *keys: str, **more: Any) -> list[str]:
        """Enroll people by key; their enrollments."""
        ids = []
        for key in keys:
            body = {"person_id": str(self.world[key].id), "role": role, **more}
            answer = await self.manager.post(f"{self.path}/enrollments", json=body)
            assert answer.status_code == 201, answer.text
            ids.append(answer.json()["id"])
        return ids

    async def post(self, path: str, status: int = 201, who: Any = None, **body: Any) -> Any:
        """Something new below the program, by its manager or somebody else."""
        answer = await (self.api(who) if who else self.manager).post(f"{self.path}/{path}", json=body)
        assert answer.status_code == status, answer.text
        return answer.json()

    async def list(self, path: str, who: Any = None) -> list[Any]:
        """What somebody sees below the program."""
        answer = await (self.api(who) if who else self.manager).get(f"{self.path}/{path}")
        assert answer.status_code == 200, answer.text
        items: list[Any] = answer.json()["items"]
        return items


async def programme(api: Any, world: World, template: str = "sounding-board", **more: Any) -> Programme:
    """A draft from a template."""
    answer = await api(world.manager).post("/v1/programs", json={"name": "Turn", "template": template, **more})
    assert answer.status_code == 201, answer.text
    return Programme(api, world, answer.json())
