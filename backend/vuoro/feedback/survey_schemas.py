"""Surveys on the wire: six types of questions, in three languages."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field, StrictBool, StrictFloat, StrictInt, model_validator

from vuoro.core.wire import Can, In, Localized, Moment, Out
from vuoro.feedback.schemas import PlainText

QuestionType = Literal["scale", "single", "multiple", "yes_no", "number", "text"]
Audience = Literal["all", "mentors", "mentees"]
SurveyState = Literal["draft", "scheduled", "open", "closed"]
Key = Annotated[str, Field(pattern="^[a-z][a-z0-9_]{0,39}$")]
Wording = Annotated[PlainText, Field(min_length=1, max_length=500)]
MOST = 1_000_000_000


class WordsIn(In):
    """A text in at least one language; one that is missing is filled from the others (en, fi, sv)."""

    fi: Wording | None = None
    sv: Wording | None = None
    en: Wording | None = None

    @model_validator(mode="after")
    def _some(self) -> "WordsIn":
        if not (self.en or self.fi or self.sv):
            raise ValueError("a text in at least one language")
        return self

    def filled(self) -> dict[str, str]:
        """The text in all three languages."""
        spare = self.en or self.fi or self.sv or ""
        return {"fi": self.fi or spare, "sv": self.sv or spare, "en": self.en or spare}


class OptionIn(In):
    """A choice."""

    key: Key
    text: WordsIn


class QuestionIn(In):
    """A question. Choices have `options`; a number may have bounds; a scale goes from 1 to 5. Only text is optional."""

    key: Key
    type: QuestionType
    text: WordsIn
    options: list[OptionIn] = Field(default_factory=list, max_length=20)
    min: int | None = Field(None, ge=-MOST, le=MOST)
    max: int | None = Field(None, ge=-MOST, le=MOST)

    @model_validator(mode="after")
    def _consistent(self) -> "QuestionIn":
        choice = self.type in ("single", "multiple")
        if choice != (len(self.options) >= 2):
            raise ValueError("two options or more for a choice, and none for anything else")
        if len({option.key for option in self.options}) < len(self.options):
            raise ValueError("each option once")
        if self.type != "number" and (self.min, self.max) != (None, None):
            raise ValueError("bounds are for numbers")
        if self.min is not None and self.max is not None and self.min >= self.max:
            raise ValueError("the lower bound lies below the upper one")
        return self


class QuestionOption(Out):
    """A choice."""

    key: str
    text: Localized


class Question(Out):
    """A question of a survey."""

    key: str
    type: QuestionType
    text: Localized
    options: list[QuestionOption]
    min: int | None
    max: int | None


Questions = Annotated[list[QuestionIn], Field(max_length=40)]


class SurveyIn(In):
    """A draft, from a template or from nothing."""

    program_id: UUID
    template: Literal["baseline", "midpoint", "closing"] | None = None
    title: WordsIn | None = None
    audience: Audience = "all"
    questions: Questions | None = None
    opens_at: AwareDatetime | None = None
    closes_at: AwareDatetime | None = None


class SurveyPatch(In):
    """What of a survey changes. New questions of a published one make a new edition; answers keep theirs."""

    title: WordsIn = Field(default=None)  # type: ignore[assignment]
    audience: Audience = "all"
    questions: Questions = Field(default_factory=list)
    opens_at: AwareDatetime | None = None
    closes_at: AwareDatetime | None = None


class SurveyOut(Out):
    """A survey. `answered` is about the caller; null when it does not ask them."""

    id: UUID
    program_id: UUID
    title: Localized
    audience: Audience
    state: SurveyState
    edition: int
    questions: list[Question]
    opens_at: Moment | None
    closes_at: Moment | None
    answered: bool | None
    version: int
    created_at: Moment
    can: Can


class SurveyPage(Out):
    """One page of surveys, newest first."""

    items: list[SurveyOut]
    next_cursor: str | None


Number = Annotated[StrictFloat, Field(allow_inf_nan=False, ge=-MOST, le=MOST)]
Whole = Annotated[StrictInt, Field(ge=-MOST, le=MOST)]
AnswerText = Annotated[PlainText, Field(max_length=4000)]
Answer = StrictBool | Whole | Number | AnswerText | Annotated[list[Key], Field(max_length=20)]


class SurveyResponseIn(In):
    """Answers by the question's key: 1–5, a number, yes/no as a boolean, an option's key, several keys, or text."""

    answers: dict[str, Answer] = Field(max_length=40)


class SurveyResponseOut(Out):
    """The caller's own answers; `edition` and `answers` are null before they answer."""

    survey_id: UUID
    edition: int | None
    answers: dict[str, bool | int | float | str | list[str]] | None
    can: Can


class SurveyTextOut(Out):
    """An answer in words, without its author."""

    question: str
    edition: int
    text: str


class SurveyTextPage(Out):
    """One page of answers in words of a closed survey, shuffled; empty where fewer than eight people wrote."""

    items: list[SurveyTextOut]
    next_cursor: str | None
