"""The demo towns: their words, their pictures, and the commands that build them."""
