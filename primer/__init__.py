"""
The plugin on public projects: its reports, and its other changes of the output.
"""
