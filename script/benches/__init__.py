"""The benches, one module each, here or in a folder of their kind: `run(arguments)` measures and reports."""
