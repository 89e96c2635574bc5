"""The supervisor behind `script/run`: the embedded database and the web, jobs and sandbox processes."""
