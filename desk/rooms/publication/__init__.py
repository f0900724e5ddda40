"""What the next notice of alteration would say, what stands in its way, and its publication by two officers."""
