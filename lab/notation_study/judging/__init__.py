"""Pages, beats and bars against the truth."""
