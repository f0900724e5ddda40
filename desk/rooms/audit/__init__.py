"""Who did what, when and why, and what followed from it."""
