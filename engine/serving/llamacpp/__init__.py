"""The engine on llama.cpp, in a process of its own."""
