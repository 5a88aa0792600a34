"""Putting together, apart from the pages, the files of everything that is out."""
