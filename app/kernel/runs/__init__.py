"""What is kept of processes and jobs: heartbeats and the runs of each job."""
