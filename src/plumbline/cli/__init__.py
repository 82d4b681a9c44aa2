"""The command line: one small file per verb; each parses arguments and calls the API."""
