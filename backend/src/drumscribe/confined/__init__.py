"""Programs and children that strangers' input could break, run under limits."""
