"""The bell and the worker: arq and redis live here and nowhere else."""
