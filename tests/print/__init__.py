"""Papers as they leave the printer: how they look, and that they can be read by ear."""
