"""How well weights hear; thresholds and certainty, chosen by rules."""
