"""One module for each kind of file; each has `read(data, name) -> Document`, bytes in, document out."""
