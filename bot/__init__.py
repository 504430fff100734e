"""The chatbot: people and platforms on one side, engine and storage on the other."""
