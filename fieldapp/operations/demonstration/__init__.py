"""The demonstration: the published week of 29 July - 4 August 2024, entered and carried as everybody's data is."""
