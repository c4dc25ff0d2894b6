"""Reports: numbers built by pure functions from facts, then rendered as text, JSON or HTML in a language."""
