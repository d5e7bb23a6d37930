"""One writer for each kind of file; all write the same table."""
