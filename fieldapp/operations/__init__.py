"""The verbs that the window and the command line share: measure, check, one transaction, return what changed."""
