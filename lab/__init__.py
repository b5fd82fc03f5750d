"""What only the developers of DrumScribe run: may import all of it, and nothing imports this."""
