"""Screen 14. Image check: a signature that came in beside the one on record."""
