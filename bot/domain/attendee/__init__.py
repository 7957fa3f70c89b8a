"""People, their agendas and the recap of their day."""
