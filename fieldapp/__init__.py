"""fieldapp: explosive ordnance finds and cleared plots, from a field laptop to headquarters.

This package knows no window toolkit: it can be imported, tested and scripted without a display.
"""

__version__ = "0.1.0"
