"""The map: a canvas of its own, its layers, and what is done on them."""
