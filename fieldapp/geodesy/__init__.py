"""Positions and outlines on the earth: read, read back, measured. The only importer of pyproj.

Everywhere here: WGS 84 degrees unless said otherwise, named lat and lon, easting and northing, never x and y.
"""
