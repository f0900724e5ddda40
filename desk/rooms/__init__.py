"""One room a screen: its routes and templates, and nothing of another's."""
