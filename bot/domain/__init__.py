"""What a conference is and how one gets through it: pure, without a clock, a database or a platform."""
