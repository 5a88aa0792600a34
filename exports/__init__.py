"""What evaluators get: from sealed answers to files in which no woman can be told.

A cell travels through the folders: `release` takes it out of the records, lets `anonymise` group it
and freezes it in a batch; `files` puts together what is out, in the `formats`; `tables` are what a
report counts. `pages` show it all.
"""
