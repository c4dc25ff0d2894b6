"""Exchange: flat tables and pages that other programs, and people without the program, can read."""
