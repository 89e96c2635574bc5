"""What the benches measure on: malls, members and their doings, made by the product or by the million."""
