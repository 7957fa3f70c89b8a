"""The meaning of a typed search: the parts that are understood, with the schedule's own names. Pure."""
