"""The engine on transformers and PEFT, in this process."""
