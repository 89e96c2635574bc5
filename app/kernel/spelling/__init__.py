"""One spelling per thing that people write in many ways: phones, plates, names."""
