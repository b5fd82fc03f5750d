"""Bring it back: a score that another program wrote becomes strokes of the recording again."""
