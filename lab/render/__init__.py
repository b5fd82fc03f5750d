"""Excerpts of records whose strokes are known, rendered out of kits, performances and bands."""
