"""The jobs, a module for each subject; a function's name is the job's, its first line says what it does."""
