"""From a coded table to classes that hide each row in them; data in, data out."""
