"""One application to register, and what is decided about it."""
