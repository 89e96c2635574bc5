"""The time machine: any past date restated under any version of the rules, beside what was said then."""
