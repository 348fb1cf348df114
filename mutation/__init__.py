"""
Do the tests bite? Small mistakes are made in the package, and the tests have to find each.
"""
