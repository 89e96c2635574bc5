"""What is kept of processes and jobs: heartbeats, the runs of each job, and claims of work that takes long."""
