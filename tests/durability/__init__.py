"""Nothing is lost: to a kill, a power cut, a full disk, a second writer or a flipped bit."""
