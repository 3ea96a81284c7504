"""Callbacks as the people who make them look at them: the worklist and the call sheet."""
