"""What is shown: the page, charts, terminal tables, and how they word it."""
