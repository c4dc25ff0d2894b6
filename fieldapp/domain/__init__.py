"""What the field's records are and how they merge: pure, no input or output, no clock, no randomness."""
