"""The ledger: what waits, what may go out together, what is out for good, and who fetched it."""
