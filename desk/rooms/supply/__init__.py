"""Who asks for a copy of the register, on what entitlement, at which fee, and its release by a second officer."""
