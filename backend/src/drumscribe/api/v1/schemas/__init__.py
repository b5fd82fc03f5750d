"""What goes over the wire. Field names and values are the contract: extended, never changed."""
