"""The role `sending`: messages that are due go out, and what came of it is recorded (ADR 0007)."""
