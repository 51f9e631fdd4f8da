"""Reading documents of every format and layout."""
