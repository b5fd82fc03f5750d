"""How a song is read: judged from the strokes of its first page, and kept for every edit."""
