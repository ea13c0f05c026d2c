"""What Entra ID, Okta and bad clients send: the corpus, played through the API."""

import pytest
from hris.scim import connect
from hris.scim_corpus import play, stories


@pytest.mark.parametrize("preset", ["generic", "okta", "entra"])
async def test_the_corpus_of_quirks_of_a_preset_is_understood(api, world, preset):
    scim, _ = await connect(api, world.admin, preset=preset)

    async def send(method, path, query, body):
        answer = await scim.request(method, path, params=query, content=body)
        return answer.status_code, answer.content

    played = [story for story in stories() if story["preset"] == preset]
    assert played
    async with scim:
        wrong = [fault for story in played for again in ("1", "2") for fault in await play(story, send, again)]
    assert not wrong, "\n".join(wrong)
