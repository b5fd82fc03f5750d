"""The words for the form of a piece: sections and the signs of its road."""
