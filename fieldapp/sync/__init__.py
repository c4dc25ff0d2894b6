"""Keys, signatures, the bundle container and its carriers: pure functions over bytes and paths, no database."""
