"""What the service registration is made of."""

from pathlib import Path

from services.registration.absent_votes.api import router as absent_votes
from services.registration.absent_votes.commands import EndPostalProxy, EndPostalVote, EndProxy, LapseUnanswered
from services.registration.absent_votes.decider import absent_votes as arrangements
from services.registration.absent_votes.lists import router as absent_voter_lists
from services.registration.anonymous.absent_voting import router as anonymous_absent_votes
from services.registration.anonymous.api import router as anonymity
from services.registration.anonymous.following import AnonymousDeskWorker
from services.registration.anonymous.identifiers import router as anonymous_identifiers
from services.registration.anonymous.reading import router as anonymous_electors
from services.registration.anonymous.store import anonymous_store
from services.registration.appeals.api import router as appeals
from services.registration.applications.api import router as applications
from services.registration.campaigns.api import router as renewal_campaigns
from services.registration.canvass.api import router as canvass
from services.registration.canvass.contacts_api import router as canvass_contacts
from services.registration.canvass.household_api import router as canvass_replies
from services.registration.canvass.years.api import router as canvass_years
from services.registration.canvass_app.api import router as canvass_app
from services.registration.data_protection.api import router as data_protection
from services.registration.data_protection.destruction.api import router as destruction_of_records
from services.registration.data_protection.requests.api import router as data_requests
from services.registration.declarations.api import router as declarations
from services.registration.declarations.decider import RemindOfRenewal
from services.registration.declarations.decider import declarations as declared
from services.registration.districts.api import router as districts
from services.registration.duplicates.api import router as duplicates
from services.registration.electors.addresses import router as addresses
from services.registration.electors.api import router as electors
from services.registration.electors.commands import OpenReview, RemoveElector
from services.registration.electors.decider import electors as entries
from services.registration.hearings.api import feed as hearing_feed
from services.registration.hearings.api import router as hearings
from services.registration.identifiers.api import router as personal_identifiers
from services.registration.identifiers.checks import router as signature_checks
from services.registration.imports.api import router as imports
from services.registration.imports.areas import router as areas
from services.registration.imports.jobs import import_jobs
from services.registration.imports.previews_api import router as gazetteer_previews
from services.registration.inspections.api import router as inspections
from services.registration.invitations.api import router as invitations
from services.registration.invitations.commands import GiveInvitation, GiveReminder
from services.registration.invitations.decider import invitations as potential_electors
from services.registration.live import live
from services.registration.marked_registers.api import router as marked_registers
from services.registration.movers.api import router as movers
from services.registration.notices.api import router as notices
from services.registration.notices.paper import router as papers
from services.registration.notices.screen import router as screens
from services.registration.own_entries.api import router as own_entries
from services.registration.policies import POLICIES
from services.registration.portal.api import router as portal_decisions
from services.registration.portal.worker import portal
from services.registration.properties.api import router as properties
from services.registration.renumbering.api import router as renumberings
from services.registration.renumbering.run import renumbering_runs
from services.registration.statistics.api import router as statistics
from services.registration.supply.api import router as supplies
from services.registration.supply.proof import router as proofs
from services.registration.views import ROUTERS, VIEWS
from services.registration.views.access_log import AccessLog
from services.registration.views.corrections import Corrections
from services.registration.views.counted import Counted
from services.registration.views.data_requests import DataRequests
from services.registration.views.marked_registers import MarkedRegisters
from services.registration.views.notices import Notices
from services.registration.views.numbers import Numbers
from services.registration.views.own_entries import OwnEntries
from services.registration.views.places import Places
from services.registration.views.supplies import Supplies
from services.registration.views.voter_cards import VoterCards
from services.registration.visits.api import router as visits
from services.registration.visits.devices import enrolled_devices
from services.registration.voter_cards.api import router as voter_cards
from shared.service.audit_trail import audit_trail
from shared.service.audit_trail import router as trail
from shared.service.operations import router as operations
from shared.service.read_audit import router as reads
from shared.service.service import Service

service = Service(
    context="registration",
    title="Registration",
    home=Path(__file__).parent,
    description="Properties, applications, electors, absent votes, notices of alteration and the register itself.",
    routers=(
        *ROUTERS,
        applications,
        electors,
        addresses,
        absent_votes,
        absent_voter_lists,
        personal_identifiers,
        signature_checks,
        renewal_campaigns,
        properties,
        imports,
        areas,
        gazetteer_previews,
        papers,
        screens,
        notices,
        invitations,
        duplicates,
        movers,
        hearings,
        hearing_feed,
        appeals,
        canvass_years,
        canvass,
        canvass_contacts,
        canvass_replies,
        visits,
        canvass_app,
        declarations,
        anonymous_electors,
        anonymity,
        anonymous_absent_votes,
        anonymous_identifiers,
        supplies,
        proofs,
        renumberings,
        inspections,
        marked_registers,
        voter_cards,
        own_entries,
        statistics,
        data_protection,
        data_requests,
        destruction_of_records,
        districts,
        portal_decisions,
        trail,
        reads,
        operations,
    ),
    views=(
        *VIEWS,
        MarkedRegisters.view,
        VoterCards.view,
        Notices.view,
        AccessLog.view,
        Corrections.view,
        Counted.view,
        DataRequests.view,
        Numbers.view,
        OwnEntries.view,
        Places.view,
        Supplies.view,
        audit_trail("registration"),
    ),
    policies=POLICIES,
    portal=portal,
    live=live,
    deadlines=(
        (entries, RemoveElector),
        (entries, OpenReview),
        (arrangements, EndPostalVote),
        (arrangements, EndProxy),
        (arrangements, EndPostalProxy),
        (arrangements, LapseUnanswered),
        (potential_electors, GiveInvitation),
        (potential_electors, GiveReminder),
        (declared, RemindOfRenewal),
    ),
    clockwork=AnonymousDeskWorker,
    parts=(
        anonymous_store,
        enrolled_devices,
        import_jobs,
        renumbering_runs,
    ),
)
