"""The read models of registration: what the screens and the exports ask. Each can be rebuilt from the events alone."""

from __future__ import annotations

from fastapi import APIRouter

from services.registration.views import (
    correspondents,
    declarations,
    electors,
    explanations,
    invitations,
    properties,
    queue,
    register_pages,
    search,
)
from services.registration.views.applications import Applications
from services.registration.views.declarations import Declarations
from services.registration.views.electors import Electors
from services.registration.views.invitations import Invitations
from services.registration.views.properties import Properties
from services.registration.views.register import Register
from services.registration.views.register_checks import RegisterChecks
from services.registration.views.search import Search
from shared.eventcore.projection import View

VIEWS: tuple[View, ...] = (
    Applications.view,
    Properties.view,
    Register.view,
    Electors.view,
    Declarations.view,
    Search.view,
    RegisterChecks.view,
    Invitations.view,
)
ROUTERS: tuple[APIRouter, ...] = (
    queue.router,
    properties.router,
    register_pages.router,
    explanations.router,
    declarations.router,
    electors.router,
    search.router,
    correspondents.router,
    invitations.router,
)
