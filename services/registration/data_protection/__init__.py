"""What is held of people: given to them, kept no longer than it must be, and told to whom."""
