"""Reading sound: every kind of file, damaged files, odd names."""
