"""
The shop: what it sells, to whom, and who listens.
"""
