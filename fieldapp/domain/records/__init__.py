"""The declarations, one file for each record kind or small family of kinds."""
