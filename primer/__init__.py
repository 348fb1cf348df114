"""
The plugin tried on public projects: what it reports there, and what it changes besides.
"""
