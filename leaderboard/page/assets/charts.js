// Charts: drawn when they are first seen.
