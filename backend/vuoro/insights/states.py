"""States of a candid message: from → {to: who may take the step}, "author" or "other" of the pair.

Taken back, it is a draft again, as if it had never been given.
"""

from typing import Literal

CandidState = Literal["draft", "given", "answered"]
Tone = Literal["gentle", "plain", "direct"]
Answer = Literal["heard", "will_try"]

STEPS: dict[str, dict[str, str]] = {
    "draft": {"given": "author"},
    "given": {"draft": "author", "answered": "other"},
    "answered": {},
}


def steps(state: str, actor: str) -> list[str]:
    """The states that the author or the other may take a message to."""
    return [to for to, who in STEPS[state].items() if who == actor]
