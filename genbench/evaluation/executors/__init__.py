"""Where jobs run: `here`, in this process, for debugging; `process`, a process of its own each."""
