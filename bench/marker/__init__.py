"""Does anything of a document stand in clear on the disk of a box? `make marker`."""
