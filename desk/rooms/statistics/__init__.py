"""How many electors of each sort there are, what was received and decided, and the list behind each figure."""
