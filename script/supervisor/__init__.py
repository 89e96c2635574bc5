"""The supervisor behind `script/run`: starts the embedded database, the web, jobs and sandbox processes, and ends them."""
