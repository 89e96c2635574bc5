"""One function per act that spans rooms; each reads like the story. Flows call rooms, never flows."""
