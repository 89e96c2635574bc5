"""A real year of shopping (the public Complete Journey data) as a mall, through the product's own import."""
