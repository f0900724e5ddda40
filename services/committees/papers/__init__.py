"""Agendas as the public and the members read them."""
