"""Where members stand on the ladder: facts with a period, written as growth comes and as periods end."""
