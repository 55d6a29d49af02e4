"""What the pipeline does by itself: recovery, pruning, the audit."""
