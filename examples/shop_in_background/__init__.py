"""
A shop whose orders are handled in the background. Run it with ``python -m shop_in_background``.
"""
