"""The read models of registration: what the screens and the exports ask. Each can be rebuilt from the events alone."""

from __future__ import annotations

from fastapi import APIRouter

from services.registration.views import (
    absent_voter_pages,
    canvass_board,
    canvass_pages,
    correspondents,
    declarations,
    displaced,
    duplicates,
    electors,
    explanations,
    hearings,
    household_correspondents,
    invitations,
    movers,
    own_acts,
    portal_decisions,
    properties,
    queue,
    register_pages,
    renewals,
    reviews,
    search,
    signature_checks,
)
from services.registration.views.absent_voters import AbsentVoters
from services.registration.views.applications import Applications
from services.registration.views.canvass import Canvass
from services.registration.views.canvass_rounds import CanvassRounds
from services.registration.views.declarations import Declarations
from services.registration.views.duplicates import Duplicates
from services.registration.views.electors import Electors
from services.registration.views.hearings import Hearings
from services.registration.views.invitations import Invitations
from services.registration.views.movers import Movers
from services.registration.views.polls import Polls
from services.registration.views.portal_decisions import PortalDecisions
from services.registration.views.properties import Properties
from services.registration.views.register import Register
from services.registration.views.register_checks import RegisterChecks
from services.registration.views.search import Search
from services.registration.views.signature_checks import SignatureChecks
from shared.eventcore.projection import View

VIEWS: tuple[View, ...] = (
    Applications.view,
    Properties.view,
    Register.view,
    Electors.view,
    AbsentVoters.view,
    Declarations.view,
    Search.view,
    RegisterChecks.view,
    Polls.view,
    PortalDecisions.view,
    Invitations.view,
    Duplicates.view,
    Hearings.view,
    Movers.view,
    Canvass.view,
    CanvassRounds.view,
    SignatureChecks.view,
)
ROUTERS: tuple[APIRouter, ...] = (
    queue.router,
    displaced.router,
    properties.router,
    register_pages.router,
    explanations.router,
    declarations.router,
    electors.router,
    absent_voter_pages.router,
    renewals.router,
    signature_checks.router,
    search.router,
    correspondents.router,
    household_correspondents.router,
    invitations.router,
    duplicates.router,
    hearings.router,
    movers.router,
    reviews.router,
    portal_decisions.router,
    canvass_board.router,
    canvass_pages.router,
    own_acts.router,
)
