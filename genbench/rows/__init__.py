"""What is kept: the tables of results, where they lie, and where a row comes from."""
