"""What is done with recordings: writing down, taking apart, one or many, here or elsewhere."""
