"""The read models of notifications: what the screens ask. Each can be rebuilt from the events alone."""

from __future__ import annotations

from fastapi import APIRouter

from services.notifications.views import enquiries, messages, print_batches, print_jobs
from services.notifications.views.enquiries import Enquiries
from services.notifications.views.messages import Messages
from services.notifications.views.print_jobs import PrintJobs
from shared.eventcore.projection import View

VIEWS: tuple[View, ...] = (Messages.view, PrintJobs.view, Enquiries.view)
ROUTERS: tuple[APIRouter, ...] = (messages.router, print_jobs.router, print_batches.router, enquiries.router)
