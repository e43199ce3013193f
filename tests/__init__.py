"""The tests: unit (pure), api (client and sandbox), tui (pilot, snapshots), e2e (pty), bench."""
