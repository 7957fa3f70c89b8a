"""What a typed search means: the parts that are understood, with the schedule's own names. Pure."""
