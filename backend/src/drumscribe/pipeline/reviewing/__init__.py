"""What a reader should look at, and how likely it is to be right."""
