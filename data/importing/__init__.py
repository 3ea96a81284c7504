"""Spreadsheets in: what a file holds, what its rows say, and their way into the database.

`apart.run_import` and `apart.preview` are the doors; the rest can be used without a database up to
`reading.open_reading`.
"""
