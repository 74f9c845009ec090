"""The benchmarks: `make bench`, or `python -m bench`. Run by hand, on a machine that does nothing else.

Absolute figures drift with the machine; what is aimed at are ratios within one run, against the least that the same
framework or the same PostgreSQL can do.

    settings.py    the tests' settings on a PostgreSQL that waits for its disk, as production's does
    bare.py        the least page there is: one view, one query, no middleware
    town.py        a database of its own, with a town in it
    guest.py       a browser without a network: requests go straight into the WSGI application
    purchase.py    processor time of a whole purchase, and of the press that places it
    throughput.py  checkouts per second on a real server, and bare stock updates on the same PostgreSQL
    lighthouse/    what a phone makes of the pages of a running demo
    figures.py     what was measured, its aim, the table
    machine.py     on what
"""
