"""Changes of the schema, in order: a module each, `mNNNN_name`, with its SQL in `STATEMENTS`; never edited once out."""
