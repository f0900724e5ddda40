"""The ready questions, by name. Each module holds one: its SQL, its arithmetic, its words."""

from __future__ import annotations

from typing import Final

from reporting.answers import Question
from reporting.questions import allowances, applications, messages

QUESTIONS: Final[dict[str, Question]] = {
    module.QUESTION.name: module.QUESTION for module in (applications, allowances, messages)
}
