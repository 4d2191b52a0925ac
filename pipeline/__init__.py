"""From bytes to records: read, repair, split, segment, extract, resolve, check, write."""
