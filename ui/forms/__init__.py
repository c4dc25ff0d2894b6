"""Forms: fields that keep what is typed as a draft, and the fields a record kind declares."""
