"""The window: the only package that imports Qt. It shows what ``fieldapp.operations`` returns and calls its verbs."""
