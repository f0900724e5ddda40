"""How the readers of a service stand, what they could not apply, and whether the seals hold."""
