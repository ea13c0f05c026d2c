"""How an organization looks: its colour and its logo, which everybody may see; its other files stay its own."""

import base64
from uuid import uuid4

from core.test_pictures import chunk, png
from support.contract import etag_of, problem

from vuoro.core import files

LOGO = "/v1/organization/logo"


async def tag(client):
    return etag_of(await client.get("/v1/organization"))


async def show(client, content):
    return await client.put(LOGO, json={"png": base64.b64encode(content).decode()}, headers=await tag(client))


async def test_before_a_sign_in_everybody_sees_the_colour_and_the_logo(api, world):
    admin = api(world.admin)
    answer = await show(admin, png(4, 4, chunk(b"tEXt", b"made by Noa")))
    await admin.patch("/v1/organization", json={"accent": "lake"}, headers=etag_of(answer))
    look = (await api().get("/v1/branding?organization=nordlys")).json()
    assert (look["name"], look["accent"]) == ("Nordlys", "lake")
    picture = await api().get(look["logo_url"])
    assert (picture.headers["content-type"], picture.content) == ("image/png", png(4, 4))
    assert "immutable" in picture.headers["cache-control"]
    assert picture.headers["x-content-type-options"] == "nosniff"
    me = (await api(world["noa"]).get("/v1/me")).json()["organization"]
    assert (me["accent"], me["logo_url"]) == ("lake", look["logo_url"])


async def test_where_several_organizations_are_nobody_is_told_of_one_without_its_name(api, world):
    nothing = {"name": None, "accent": "spruce", "logo_url": None}
    for query in ("", "?organization=nobody"):
        assert (await api().get(f"/v1/branding{query}")).json() == nothing


async def test_another_logo_takes_the_place_of_the_first_and_none_leaves_none(api, world):
    admin = api(world.admin)
    first = (await show(admin, png(4, 4))).json()["logo_url"]
    second = (await show(admin, png(5, 5))).json()["logo_url"]
    assert first != second
    problem(await api().get(first), 404, "not_found")
    assert (await admin.delete(LOGO, headers=await tag(admin))).status_code == 204
    assert (await admin.get("/v1/organization")).json()["logo_url"] is None
    problem(await api().get(second), 404, "not_found")


async def test_no_other_file_of_an_organization_is_a_logo(api, world, databases):
    async with databases.app.transaction(world.admin.actor) as db:
        file = await files.keep(db, "people.csv", "text/csv", b"Noa,Virtanen")
    for id in (file, uuid4()):
        problem(await api().get(f"/v1/branding/logos/{id}"), 404, "not_found")


async def test_what_is_no_picture_or_too_large_is_422(api, world):
    admin = api(world.admin)
    for content in (b"<svg/>", png(1025, 1), png(behind=bytes(200_001))):
        answer = await show(admin, content)
        assert problem(answer, 422, "validation_failed")["errors"][0]["code"] == "no_picture"
    answer = await admin.put(LOGO, json={"png": "no base64!"}, headers=await tag(admin))
    problem(answer, 422, "validation_failed")
    problem(await admin.patch("/v1/organization", json={"accent": "#fff"}, headers=await tag(admin)), 422,
            "validation_failed")  # fmt: skip


async def test_two_admins_do_not_undo_each_other(api, world):
    admin = api(world.admin)
    old = await tag(admin)
    await show(admin, png())
    body = {"png": base64.b64encode(png()).decode()}
    problem(await admin.put(LOGO, json=body, headers=old), 412, "precondition_failed")
