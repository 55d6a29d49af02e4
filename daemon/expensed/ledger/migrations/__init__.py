"""Schema migrations in order, one module `mNNNN_name` each with its SQL in `STATEMENTS`; never edited once out."""
