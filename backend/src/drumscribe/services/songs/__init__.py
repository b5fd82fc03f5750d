"""What its owner asks of a song: reading, editing, copying, keeping, downloading."""
