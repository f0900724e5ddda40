"""Screen 7: gazetteer import."""
