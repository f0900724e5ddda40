"""`moot rehearse registration-year`: twelve months of a registration office at clock speed, and the proof that nothing was lost."""
