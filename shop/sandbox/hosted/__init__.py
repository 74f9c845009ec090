"""The pages a buyer sees: the checkout, the bank's 3-D Secure question, and their plain ends.

They work without JavaScript and run none.
"""

from shop.sandbox.hosted.addresses import respond

__all__ = ["respond"]
