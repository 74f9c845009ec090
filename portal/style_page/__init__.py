"""The house's look on one page, for who builds it: tokens, and every component with the states it must stand."""
