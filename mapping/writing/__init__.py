"""What the write API stands on: who may, what was sent, under which condition, and how it is refused."""
