"""A finished page takes over what is heard in the drums alone."""
