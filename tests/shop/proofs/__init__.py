"""Proofs that take real processes: buyers who race, and a process that is killed at every step of a payment."""
