"""Where model files come from: the web, object stores, package registries, a folder."""
