"""What has happened: the events of tasks, and the journal of what was done to documents."""
