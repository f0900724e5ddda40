"""How many electors there are, and how the year was worked: figures, each with the list behind it."""
