"""
The project whose workers the tests start and kill. Its environment says how it is configured.
"""
