"""DrumScribe: a song in, drum sheet music out."""
