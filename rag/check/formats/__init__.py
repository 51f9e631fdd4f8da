"""One module a format of drafts, each to the text and its paragraphs."""
