"""What the codes of a mall led to, week by week: from those who passed by to those who joined and what they brought."""
