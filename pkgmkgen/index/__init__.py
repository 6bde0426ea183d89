"""The index: reading it, from a scan or a file, and its records."""
