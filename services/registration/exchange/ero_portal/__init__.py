"""The ERO Portal (EROP) of GOV.UK: what its queues say, what is answered, and the client that speaks to it (ADR 0016)."""
