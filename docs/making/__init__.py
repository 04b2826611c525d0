"""How the documentation site is made; see docs/make.py."""
