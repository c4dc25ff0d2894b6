"""GNSS receivers: read, checked, averaged, replayed. No database; positions come out in WGS 84 degrees."""
