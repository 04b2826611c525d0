"""Where jobs run: `here`, in this process, for debugging; `process`, a fresh interpreter each."""
