"""One function per act that spans packages; each reads like the story. Flows call packages, never flows."""
