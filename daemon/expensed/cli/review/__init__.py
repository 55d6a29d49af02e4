"""The parts of `expensed review`: which document comes next, what is done with it, and what the screen shows."""
