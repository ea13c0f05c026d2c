"""Every deed that is written into the audit log is told in people's words, in each language."""

import ast
from pathlib import Path
from typing import get_args

import vuoro
from vuoro.analytics import deeds
from vuoro.core.actor import ROLES
from vuoro.core.words import LOCALES
from vuoro.matching.suggestions import VERBS
from vuoro.programs.states import EnrollmentState, ProgramState

# What stands where an action is put together: the text before it → the words that may follow.
PARTS = {
    "grant.give.": ROLES, "grant.take.": ROLES, "program.": get_args(ProgramState),
    "enrollment.": get_args(EnrollmentState), "suggestion.": tuple(VERBS),
}  # fmt: skip


def written(source):
    """The actions that `audit(db, action, …)` of one module writes."""
    for call in ast.walk(ast.parse(source)):
        if not isinstance(call, ast.Call) or getattr(call.func, "id", getattr(call.func, "attr", None)) != "audit":
            continue
        action = call.args[1]
        if isinstance(action, ast.JoinedStr):
            before, _ = action.values
            yield from (f"{before.value}{word}" for word in PARTS[before.value])
        else:
            chosen = (action.body, action.orelse) if isinstance(action, ast.IfExp) else (action,)
            yield from map(ast.literal_eval, chosen)


def code():
    return [path.read_text("utf-8") for path in sorted(Path(vuoro.__file__).parent.rglob("*.py"))]


def untold(sources):
    return {action for source in sources for action in written(source) if action not in deeds._words()}


def test_every_deed_that_is_written_has_words():
    assert untold(code()) == set()
    assert {action for source in code() for action in written(source)} > {"person.change", "grant.give.sponsor"}


def test_a_deed_without_words_is_found():
    assert untold(['audit(db, "person.praise", id)', 'audit(db, "person.change", id)']) == {"person.praise"}
    assert untold(['history.audit(db, "nobody.knows")']) == {"nobody.knows"}


def test_no_words_are_left_over():
    told = {action for source in code() for action in written(source)}
    assert set(deeds._words()) - told == set()


def test_each_language_has_its_own_words():
    for action, words in deeds._words().items():
        told = [words.into(locale) for locale in LOCALES]
        assert len(set(told)) == len(told), action
        assert all(text == text.strip() and text[:1].isupper() and "." not in text for text in told), action


def test_a_deed_of_an_older_release_is_told_by_its_name():
    assert deeds.words("gone.since").sv == "gone.since"
