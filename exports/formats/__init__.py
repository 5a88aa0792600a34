"""The files that leave – Excel, slides, SPSS, CSV – and the gates they pass; data in, data out."""
