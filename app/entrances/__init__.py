"""Where in the mall a code hangs, its pictures, and who came through."""
