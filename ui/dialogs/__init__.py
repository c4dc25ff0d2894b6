"""The few questions that interrupt: retract, restore, settle. Everything else is answered in place."""
