"""Pictures where they say more than words: inline SVG, each with a sentence that says the same, its table and its CSV."""
