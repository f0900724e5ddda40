"""One elector: who they are to the register, what happened, and why."""
