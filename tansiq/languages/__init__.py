"""Words: messages in the reader's language, search across scripts, names, digits and calendars."""
