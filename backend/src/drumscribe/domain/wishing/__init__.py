"""What a wish is made of: its range, choices and sentence, and how it is read."""
