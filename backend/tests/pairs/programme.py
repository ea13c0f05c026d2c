"""A running programme with offers, as a manager gets one: enroll, search, publish."""

from dataclasses import dataclass
from typing import Any

TOPICS = ["social-media", "hybrid-work", "strategy"]


@dataclass(frozen=True)
class Programme:
    """One program; `pairs()` reads as its manager."""

    api: Any
    world: Any
    id: str

    async def pairs(self, **query: str) -> list[dict[str, Any]]:
        """All pairs that the manager sees, oldest first."""
        answer = await self.api(self.world.manager).get("/v1/pairs", params={"program_id": self.id, **query})
        return list(reversed(answer.json()["items"]))

    async def mine(self, who: str) -> list[dict[str, Any]]:
        """All pairs of the program that somebody sees as their own, oldest first."""
        query = {"program_id": self.id, "mine": "true"}
        return list(reversed((await self.api(self.world[who]).get("/v1/pairs", params=query)).json()["items"]))

    async def unplaced(self) -> set[str]:
        """Names on the manager's list of those without a pair."""
        items = (await self.api(self.world.manager).get(f"/v1/programs/{self.id}/unplaced")).json()["items"]
        return {item["person"]["display_name"].split()[0] for item in items}


async def run_programme(api: Any, world: Any, run_jobs: Any, mentors: list[str], mentees: list[str]) -> Programme:
    """Enroll these, search, publish; the mentors of the best pairs are asked."""
    manager = api(world.manager)
    asked = {"name": "Turns", "template": "sounding-board"}
    program = (await manager.post("/v1/programs", json=asked)).json()["id"]
    for role, names in (("mentor", mentors), ("mentee", mentees)):
        for index, name in enumerate(names):
            topics = TOPICS[: max(1, 3 - index)] if role == "mentor" else TOPICS  # the first mentor suits best
            body = {"person_id": str(world[name].id), "role": role, "topics": topics}
            answer = await manager.post(f"/v1/programs/{program}/enrollments", json=body)
            assert answer.status_code == 201, answer.text
    await manager.post(f"/v1/programs/{program}/transitions", json={"to": "enrolling"})
    run = (await manager.post(f"/v1/programs/{program}/match-runs", json={})).json()["id"]
    await run_jobs()
    published = await manager.post(f"/v1/match-runs/{run}/publish")
    assert published.status_code == 200, published.text
    await run_jobs()
    return Programme(api, world, program)
