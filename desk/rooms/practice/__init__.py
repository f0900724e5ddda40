"""A new officer's first day: eight tasks on the invented council, ticked off by what the services recorded."""
