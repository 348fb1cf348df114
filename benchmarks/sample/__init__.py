"""
The application that ``plugin_cost.py`` copies to generate a project.
"""
