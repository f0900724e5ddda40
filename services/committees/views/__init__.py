"""The read models of committees. Each can be rebuilt from the events alone."""

from __future__ import annotations

from fastapi import APIRouter

from services.committees.views import body_pages, calendar_pages, correspondents, member_pages
from services.committees.views.bodies import Bodies
from services.committees.views.business import Business
from services.committees.views.calendar import Calendar
from services.committees.views.members import Members
from shared.eventcore.projection import View

VIEWS: tuple[View, ...] = (Members.view, Bodies.view, Calendar.view, Business.view)
ROUTERS: tuple[APIRouter, ...] = (member_pages.router, body_pages.router, calendar_pages.router, correspondents.router)
