"""The HTTP interface for programs: the same answers as JSON."""
