"""What points buy for members: an anchor of a fen each, times a factor that changes from a day on."""
