"""A plug-in for genbench. Listing its task and baseline imports nothing of it, not even this."""
