"""How well hits become pages, on composed scores with simulated players and on real ones."""
