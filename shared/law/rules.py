"""A rule of law or practice, and the refusal that cites it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule a command can break.

    `name` is the kebab-case problem type that clients branch on and never changes meaning; `because` is one plain
    English sentence for an officer; `source` is the legal citation; `then` says what to do next. `invalid` marks
    a command that can never be right (HTTP 422) as against one that is wrong in this state (HTTP 409).
    """

    name: str
    because: str
    source: str
    then: str = ""
    invalid: bool = False


class Refused(Exception):
    """A decider's answer when a rule forbids what was asked. `detail` adds facts of this case (no personal data)."""

    def __init__(self, rule: Rule, detail: str = "") -> None:
        super().__init__(rule.name)
        self.rule = rule
        self.detail = detail
