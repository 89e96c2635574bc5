"""What is kept of processes and jobs: heartbeats, the runs of each job, and work that takes long."""
