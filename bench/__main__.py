"""`python -m bench ROLE`: a role of the context that is measured."""

from shared.service.starting import start

start("bench.casework")
