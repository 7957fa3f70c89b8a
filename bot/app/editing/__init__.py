"""Changes of the schedule by organizers in the chat: uploaded files, and edits of single sessions."""
