"""Screen 8. Unallocated properties, the map of polling districts, and districts drawn otherwise."""
