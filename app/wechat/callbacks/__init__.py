"""What the platforms call us with: envelope, XML, push, and the inbox that keeps it."""
