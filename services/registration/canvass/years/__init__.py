"""A council's canvass of one year, from its start to its close."""
