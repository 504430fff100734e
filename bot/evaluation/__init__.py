"""How good answers are: a file of questions, or a candidate beside what is live."""
