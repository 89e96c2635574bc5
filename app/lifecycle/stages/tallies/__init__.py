"""How many members have which value, kept from night to night, and the cut points that follow from it."""
