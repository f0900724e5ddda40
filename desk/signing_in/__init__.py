"""Signing in at the council's OpenID provider, and out."""
