"""What bulletins and facts are, and collections of them: records, gold, samples, sites."""
