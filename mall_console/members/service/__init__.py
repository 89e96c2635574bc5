"""What staff do for a member by hand."""
