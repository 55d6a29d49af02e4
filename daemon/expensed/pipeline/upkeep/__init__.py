"""Maintain the pipeline without being asked: recovery, pruning, the audit."""
