"""Figures that are kept by month: measures of each stage with their members, the monthly review, cohorts."""
