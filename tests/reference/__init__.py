"""
The reference names everything that there is: public names, settings, commands and options.
"""
