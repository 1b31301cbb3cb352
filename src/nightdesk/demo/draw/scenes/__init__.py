"""One file a picture, named as it is."""
