"""What is asked: a split as tables, cut into problem and targets; official files; what identifies content."""
