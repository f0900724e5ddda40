"""The read models of elections. Each can be rebuilt from events alone: our own, and registration's from its topic."""

from __future__ import annotations

from services.elections.views.electorate import Electorate
from services.elections.views.polls import Polls
from shared.eventcore.projection import View

VIEWS: tuple[View, ...] = (Polls.view, Electorate.view)
