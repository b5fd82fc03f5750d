"""What the bar finder has learnt: network of strokes, weights, and how right its bars are."""
