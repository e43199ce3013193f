"""The program in a real pty, real pipes, a real Secret Service."""
