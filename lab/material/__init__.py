"""What renders are made of: the bundle, backings, real bands, packed into a cache."""
