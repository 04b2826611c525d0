"""What follows from rows, and from data alone: standings, lengths, grokking, frequency, difficulty, papers, others."""
