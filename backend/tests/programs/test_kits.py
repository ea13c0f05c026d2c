"""Kits: whole in three languages, short enough for a phone, and no two alike."""

from collections import Counter

import pytest
from support.contract import problem

from vuoro.core.words import LOCALES
from vuoro.programs.kits import arc_kit, kits
from vuoro.programs.topics import TOPICS

PATH = "/v1/kits"
MOST = {"title": 40, "purpose": 220, "question": 100, "exercise": 300, "close": 160}
ARC = ["ground-rules", "my-world", "challenge", "spar", "courage", "what-changes"]


def texts_of(kit):
    """What is read of a kit, each with its kind."""
    questions = [("question", text) for text in (*kit.mentor_questions, *kit.mentee_questions)]
    return [
        ("title", kit.title),
        ("purpose", kit.purpose),
        *questions,
        ("exercise", kit.exercise),
        ("close", kit.close),
    ]


async def test_there_are_the_arc_the_shadow_and_topics_in_this_order(api, world):
    client = api(world["leo"])
    items = (await client.get(PATH)).json()["items"]
    assert len(items) >= 50
    assert [kit["key"] for kit in items] == list(kits())
    assert [kit["key"] for kit in items[:7]] == [*ARC, "shadow"]
    assert [kit["number"] for kit in items[:7]] == list(range(1, 8))
    assert {(kit["kind"], kit["number"]) for kit in items[7:]} == {("topic", None)}
    for kind, count in (("arc", 6), ("shadow", 1), ("topic", len(items) - 7)):
        assert len((await client.get(PATH, params={"kind": kind})).json()["items"]) == count


async def test_one_kit_is_read_by_its_key(api, world):
    client = api(world["leo"])
    kit = (await client.get(f"{PATH}/short-video")).json()
    assert (kit["key"], kit["kind"], kit["minutes"]) == ("short-video", "topic", 45)
    assert [topic["slug"] for topic in kit["topics"]] == ["short-video", "social-media"]
    assert kit["topics"][0]["name"]["fi"] == "Lyhytvideot ja TikTok"
    problem(await client.get(f"{PATH}/karaoke"), 404, "not_found")


def test_the_arc_takes_no_kit_of_a_topic_however_long_it_is():
    assert [arc_kit(number) for number in range(1, 10)] == [*ARC, "spar", "spar", "spar"]


def test_each_topic_of_ours_has_a_kit():
    assert {topic.slug for kit in kits().values() for topic in kit.topics} == set(TOPICS)


@pytest.mark.parametrize("key", list(kits()))
def test_a_kit_is_whole_in_each_language_and_fits_a_phone(key):
    kit = kits()[key]
    assert 15 <= kit.minutes <= 60
    assert (kit.kind == "topic") == (kit.number is None) == bool(kit.topics)
    for part, text in texts_of(kit):
        for locale in LOCALES:
            words = text.into(locale)
            assert 5 < len(words) <= MOST[part], f"{part} in {locale}"
            assert words == words.strip()
            assert "?" in words or part != "question"
        assert len({text.into(locale) for locale in LOCALES}) == 3


@pytest.mark.parametrize("locale", LOCALES)
def test_no_two_kits_say_the_same(locale):
    said = Counter(text.into(locale).casefold() for kit in kits().values() for _, text in texts_of(kit))
    assert [words for words, times in said.items() if times > 1] == []


@pytest.mark.parametrize(("locale", "word"), [("fi", "adept"), ("fi", "paritu"), ("sv", "mentee"), ("en", "adept")])
def test_kits_call_people_and_things_as_the_product_does(locale, word):
    said = " ".join(text.into(locale) for kit in kits().values() for _, text in texts_of(kit))
    assert word not in said.casefold()
