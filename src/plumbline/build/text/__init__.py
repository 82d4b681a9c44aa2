"""Text at speed: folding, shingles, near-duplicates, personal data, chrF; arrays in, arrays out."""
