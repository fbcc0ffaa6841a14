"""What the compiler found out, as text: its programs stage by stage, and the user's lines with a margin."""
