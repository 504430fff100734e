"""What people say about answers: labels, corrections, and what follows from them."""
