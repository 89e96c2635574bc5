"""What a message costs the mall, by the way it goes: versions of the prices."""
