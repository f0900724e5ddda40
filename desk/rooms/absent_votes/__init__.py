"""Who votes by post or by proxy, until when, and whether their signature can be checked."""
