"""One property: what it is, who is registered there, what happened to it."""
