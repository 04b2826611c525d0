"""For contributors: the contract, templates, and questions and answers as files."""
