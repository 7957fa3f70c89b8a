"""Walking times learned from the walks of a group: pure functions of counted walks."""
