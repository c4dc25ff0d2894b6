"""The workspace database: the log of streams, the current records that follow from it, and small notes beside them."""
