"""What dialogues and pages are made of: dialog frame, field, choice, menu."""
