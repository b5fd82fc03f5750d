"""The model store, and on what the networks run."""
