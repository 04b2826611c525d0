"""What the verbs print, one file for each thing that is shown. rich is imported when something is shown."""
