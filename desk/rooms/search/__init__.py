"""One box for everything that has a name, a number or an address."""
