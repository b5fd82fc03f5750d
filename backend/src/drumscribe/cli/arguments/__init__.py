"""From what is typed to values: options, recordings, where results go."""
