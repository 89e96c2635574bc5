"""The benches, one module each: `run(arguments)` measures and reports by `support.figures`."""
